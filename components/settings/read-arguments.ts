import * as pulumi from "@pulumi/pulumi";
import { isPlainObject } from "../../contract/json";
import { settingOf, type SettingKey } from "../../contract/settings/keys";
import { userResourceError } from "../user-error";
import { assemble, mayBeOutput } from "./assemble";
import { resolveAuthentication, checkPool, checkExecutorSettings } from "./check-pool";
import { parseEntries, type ParsedSettings, type RawEntry } from "./parsed-settings";
import { flatten } from "./flatten";
import { checkOutput } from "./output-value";
import type { PoolArgs } from "./pool-args";
import type { PoolSettings } from "./pool-settings";
import { describeInvalidArguments, type Origin } from "./problems";

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

/**
 * Reads and checks the arguments of a pool. An output is checked as soon as its value is known.
 * @throws {pulumi.ResourceError} that lists all problems
 */
export function readArguments(
  name: string,
  serviceName: string,
  args: PoolArgs,
  pool: pulumi.Resource,
): PoolSettings {
  const { parsed, outputs, problems } = splitArguments(args);
  const { authentication, problems: found } = resolveAuthentication(parsed);
  const all = [
    ...problems,
    ...found,
    ...checkPool(parsed, authentication, serviceName).problems,
    ...checkExecutorSettings(parsed),
  ];
  if (all.length > 0 || authentication === undefined) {
    throw userResourceError(describeInvalidArguments(name, all), pool);
  }
  const checked = new Map(
    [...outputs].map(([key, output]) => [key, checkOutput(name, key, output, pool)] as const),
  );
  return assemble(parsed, authentication, checked);
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
    parsed: result.parsed,
    outputs,
    problems: [...problems, ...misplaced, ...result.problems],
  };
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
