import * as pulumi from "@pulumi/pulumi";
import { isPlainObject } from "../../contract/json";
import { settingOf, type SettingKey } from "../../contract/settings/keys";
import { asInput, userResourceError } from "../user-error";
import { getArgumentNames, type ArgumentNames } from "./argument-names";
import { assemble, mayBeOutput } from "./assemble";
import {
  resolveAuthentication,
  checkPool,
  checkExecutorSettings,
  type Findings,
} from "./check-pool";
import { parseEntries, type ParsedSettings, type RawEntry } from "./parsed-settings";
import { flatten } from "./flatten";
import { addKnownValues } from "./known-values";
import { checkOutput } from "./output-value";
import type { PoolArgs } from "./pool-args";
import type { PoolSettings } from "./pool-settings";
import { describeInvalidArguments, type Origin } from "./problems";
import { toRuleInput } from "./rule-input";

/** Arguments of the component that are not settings. */
const OTHER_ARGUMENTS = ["image", "serviceName", "description"];

/** The arguments of a component, with plain values and outputs apart. */
interface Arguments {
  /** The plain values, parsed. */
  readonly parsed: ParsedSettings;
  /** Outputs of other resources, by setting. */
  readonly outputs: ReadonlyMap<SettingKey, pulumi.Output<unknown>>;
  readonly problems: readonly string[];
}

/** The settings of a pool, whose outputs may not be checked yet. */
export type ReadSettings = PoolSettings & {
  /**
   * Resolves once the values of all outputs agree with the other arguments, and at once in a
   * preview, which may not know some of them. If they do not agree, the program ends.
   */
  readonly checked: Promise<void>;
  /** Names a setting as the user wrote it. */
  readonly nameOf: (key: SettingKey) => string;
};

/**
 * Reads and checks the arguments of a pool. An output is checked as soon as its value is known.
 * @param warn called with each warning, also later, when the values of outputs are known
 * @throws {pulumi.ResourceError} that lists all problems
 */
export function readArguments(
  name: string,
  serviceName: string,
  args: PoolArgs,
  pool: pulumi.Resource,
  warn: (sentence: string) => void,
): ReadSettings {
  const { parsed, outputs, problems } = splitArguments(args);
  const { authentication, problems: found } = resolveAuthentication(parsed);
  const known = getArgumentNames(args)?.known;
  const check = (settings: ParsedSettings) =>
    checkPool(settings, authentication, serviceName, known);
  const first = check(parsed);
  const all = [...problems, ...found, ...first.problems, ...checkExecutorSettings(parsed)];
  if (all.length > 0 || authentication === undefined) {
    throw userResourceError(describeInvalidArguments(name, all), pool);
  }
  first.warnings.forEach(warn);
  const reportLater = (later: Findings) => {
    if (later.problems.length > 0) {
      throw userResourceError(describeInvalidArguments(name, later.problems), pool);
    }
    later.warnings.filter((text) => !first.warnings.includes(text)).forEach(warn);
  };
  const checked = new Map(
    [...outputs].map(([key, output]) => [key, checkOutput(name, key, output, pool)] as const),
  );
  const nameOf = toRuleInput(parsed).name;
  const settings = { ...assemble(parsed, authentication, checked), nameOf };
  if (checked.size === 0) return { ...settings, checked: Promise.resolve() };
  const agreed = asInput(addKnownValues(parsed, checked).then(check).then(reportLater));
  return { ...settings, checked: pulumi.runtime.isDryRun() ? Promise.resolve() : agreed };
}

function splitArguments(args: PoolArgs): Arguments {
  const { values, problems } = flatten({ ...args }, "", OTHER_ARGUMENTS);
  const entries: RawEntry[] = [];
  const outputs = new Map<SettingKey, pulumi.Output<unknown>>();
  const misplaced: string[] = [];
  for (const [key, value] of values) {
    if (settingOf(key).scope === "stack") misplaced.push(`\`${key}\` is not an argument of a pool`);
    else if (!isOutput(value)) entries.push({ key, value, origin: toOrigin(key) });
    else if (mayBeOutput(key)) outputs.set(key, pulumi.output(value));
    else
      misplaced.push(
        `\`${key}\` must be a plain value, not an output: it decides which resources the pool consists of`,
      );
  }
  const origins = new Map([...outputs.keys()].map((key) => [key, toOrigin(key)] as const));
  const result = parseEntries("", entries, origins, "argument");
  return {
    parsed: useNames(result.parsed, getArgumentNames(args)),
    outputs,
    problems: [...problems, ...misplaced, ...result.problems],
  };
}

/** Names the arguments as the user of a stack set them. */
function useNames(parsed: ParsedSettings, names: ArgumentNames | undefined): ParsedSettings {
  if (names === undefined) return parsed;
  const origins = [...parsed.origins].map(
    ([key, origin]) => [key, names.origins.get(key) ?? origin] as const,
  );
  return { ...parsed, pathPrefix: names.pathPrefix, origins: new Map(origins) };
}

function toOrigin(path: string): Origin {
  return { path, source: "argument" };
}

/** How deep an object or list is searched for outputs. It may contain itself. */
const MAX_DEPTH = 4;

/** Whether a value is an output, or an object or a list that contains one. */
function isOutput(value: unknown, depth = 0): boolean {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return true;
  if (depth === MAX_DEPTH) return false;
  const inside = Array.isArray(value) ? value : isPlainObject(value) ? Object.values(value) : [];
  return inside.some((one) => isOutput(one, depth + 1));
}
