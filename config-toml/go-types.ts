import { isObject } from "../contract/json";

/** A duration as Go parses it, such as `1h30m` or `1.5s`. */
const GO_DURATION = /^(?:0|[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;

/** Go counts a duration without a unit in nanoseconds. Fewer than this are a mistake. */
const MIN_NANOSECONDS = 1_000_000n;

const INTEGER_BITS: Readonly<Record<string, number>> = { int: 64, int32: 32, int64: 64 };

/**
 * Returns the rule that a value violates, by the Go type of its key in gitlab-runner. It accepts
 * what gitlab-runner accepts.
 * @param type such as `[]string`, from the list of keys
 * @param value of parsed TOML, in which integers are `bigint`
 */
export function findTypeProblem(type: string, value: unknown): string | undefined {
  if (type.startsWith("*")) return findTypeProblem(type.slice(1), value);
  if (type.startsWith("[]")) return findListProblem(type.slice(2), value);
  const [, element] = /^map\[string\](.+)$/.exec(type) ?? [];
  if (element !== undefined) return findMapProblem(element, value);
  const bits = INTEGER_BITS[type];
  if (bits !== undefined) return findIntegerProblem(bits, value);
  switch (type) {
    case "string":
      return typeof value === "string" ? undefined : "must be a string in quotes";
    case "bool":
      return typeof value === "boolean" ? undefined : "must be true or false, without quotes";
    case "float64":
      return ["number", "bigint"].includes(typeof value)
        ? undefined
        : "must be a number, without quotes";
    case "time.Duration":
      return findDurationProblem(value);
    case "time.Time":
      return value instanceof Date ? undefined : "must be a date with a time";
    case "common.StringOrArray":
      return typeof value === "string" || findListProblem("string", value) === undefined
        ? undefined
        : "must be a string in quotes, or a list of strings";
    default:
      return undefined;
  }
}

function findListProblem(element: string, value: unknown): string | undefined {
  if (!Array.isArray(value)) return `must be a list, such as ${exampleList(element)}`;
  const at = value.findIndex((one) => findTypeProblem(element, one) !== undefined);
  return at < 0 ? undefined : `[${at}] ${findTypeProblem(element, value[at]) ?? ""}`;
}

function exampleList(element: string): string {
  return element === "string" ? '["a", "b"]' : "[1, 2]";
}

function findMapProblem(element: string, value: unknown): string | undefined {
  if (!isObject(value) || value instanceof Date) return "must be a table of keys and values";
  const wrong = Object.entries(value).find(
    ([, one]) => findTypeProblem(element, one) !== undefined,
  );
  return wrong === undefined
    ? undefined
    : `.${wrong[0]} ${findTypeProblem(element, wrong[1]) ?? ""}`;
}

function findIntegerProblem(bits: number, value: unknown): string | undefined {
  if (typeof value !== "bigint") return "must be a whole number, without quotes";
  const limit = 2n ** BigInt(bits - 1);
  return value < -limit || value >= limit
    ? `must be a whole number from -2^${bits - 1} to 2^${bits - 1}-1`
    : undefined;
}

function findDurationProblem(value: unknown): string | undefined {
  const rule = 'must be a duration, such as "90s" or "1h30m"';
  if (typeof value === "string") return GO_DURATION.test(value) ? undefined : rule;
  if (typeof value !== "bigint") return rule;
  const isPlausible = value === 0n || value >= MIN_NANOSECONDS || value <= -MIN_NANOSECONDS;
  return isPlausible ? undefined : `${rule}; a number without a unit is in nanoseconds`;
}
