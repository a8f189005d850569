import { isObject, parseJson } from "../../json";
import { findNearest } from "../../suggest";
import { parseArgument, type Parsed, type SettingType, type TomlValue } from "../type";

/** Types of an object's fields, by name. */
type Fields = Readonly<Record<string, SettingType<unknown>>>;

/** An object with these fields. Fields that are not required may be missing. */
type ObjectOf<F extends Fields, R extends keyof F> = {
  readonly [K in R]: F[K] extends SettingType<infer T, unknown> ? T : never;
} & {
  readonly [K in Exclude<keyof F, R>]?: F[K] extends SettingType<infer T, unknown> ? T : never;
};

/**
 * A list of objects: an array in code, or JSON. A problem names the field, such as `[1].name`.
 * @param required the fields that each object must have
 */
export function listOfObjects<const F extends Fields, const R extends keyof F & string>(
  fields: F,
  required: readonly R[],
): SettingType<readonly ObjectOf<F, R>[]> {
  const example = `[{"${required[0] ?? Object.keys(fields)[0] ?? ""}": …}]`;
  return {
    label: "list of objects",
    isList: true,
    parse: (written) => {
      const value = typeof written === "string" ? parseJson(written) : written;
      if (!Array.isArray(value))
        return { problem: `must be a list of objects, such as ${example}` };
      const isCode = typeof written !== "string";
      const read = value.map((entry: unknown) => readObject(entry, fields, required, isCode));
      const problems = read.flatMap((one, at) =>
        "problem" in one ? [`[${at}]${one.problem}`] : [],
      );
      if (problems.length > 0)
        return { problem: `must not contain invalid entries: ${problems.join("; ")}` };
      // The type of each field has parsed its value.
      return {
        value: read.flatMap((one) => ("value" in one ? [one.value as ObjectOf<F, R>] : [])),
      };
    },
    format: (value) => JSON.stringify(value.map((entry) => formatObject(entry, fields))),
    toToml: (value) => value.map((entry) => objectToToml(entry, fields)),
  };
}

function readObject(
  entry: unknown,
  fields: Fields,
  required: readonly string[],
  isCode: boolean,
): Parsed<Readonly<Record<string, unknown>>> {
  if (!isObject(entry)) return { problem: " must be an object" };
  const unknown = Object.keys(entry).find((name) => !Object.hasOwn(fields, name));
  if (unknown !== undefined) {
    const meant = findNearest(unknown, Object.keys(fields));
    const hint = meant === undefined ? "" : `: did you mean ${meant}?`;
    return { problem: `.${unknown} is not a known field${hint}` };
  }
  const missing = required.find((name) => entry[name] === undefined);
  if (missing !== undefined) return { problem: `.${missing} is required` };
  const value: Record<string, unknown> = {};
  for (const [name, type] of Object.entries(fields)) {
    if (entry[name] === undefined) continue;
    const parsed = isCode ? parseArgument(type, entry[name]) : type.parse(entry[name]);
    if ("problem" in parsed) return { problem: `.${name} ${parsed.problem}` };
    value[name] = parsed.value;
  }
  return { value };
}

function formatObject(
  entry: Readonly<Record<string, unknown>>,
  fields: Fields,
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(entry).map(([name, value]) => [name, fields[name]?.format(value)]),
  );
}

function objectToToml(entry: Readonly<Record<string, unknown>>, fields: Fields): TomlValue {
  const pairs = Object.entries(entry).map(([name, value]): [string, TomlValue] => [
    snakeCase(name),
    toTomlValue(fields[name], value),
  ]);
  return Object.fromEntries(pairs);
}

function toTomlValue(type: SettingType<unknown> | undefined, value: unknown): TomlValue {
  return type?.toToml?.(value) ?? (value as TomlValue);
}

/** Converts a field's name to gitlab-runner's name for it. */
function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
