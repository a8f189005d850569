import * as pulumi from "@pulumi/pulumi";
import { settingOf, type SettingKey } from "../../contract/settings/keys";
import { userResourceError } from "../user-error";
import { assemble, mayBeOutput } from "./assemble";
import { authenticationOf, checkPool, unusedExecutorSettings } from "./check-pool";
import { draftOf, type Draft, type Written } from "./draft";
import { flatten } from "./flatten";
import { checkedOutput } from "./later-value";
import type { PoolArgs } from "./pool-args";
import type { PoolSettings } from "./pool-settings";
import { messageWith, type Origin } from "./problems";

/** Arguments of the component that are not settings. */
const OTHER_ARGUMENTS = ["image", "serviceName", "description"];

/** The arguments of a component, as far as they are known. */
interface Arguments {
  readonly draft: Draft;
  /** Outputs of other resources, by the setting that they are the value of. */
  readonly outputs: ReadonlyMap<SettingKey, pulumi.Output<unknown>>;
  readonly problems: readonly string[];
}

/**
 * Reads and checks the arguments of a pool. A value that is not known yet is checked as soon as it
 * is.
 * @throws {pulumi.ResourceError} with every problem that there is
 */
export function readArguments(
  name: string,
  serviceName: string,
  args: PoolArgs,
  pool: pulumi.Resource,
): PoolSettings {
  const { draft, outputs, problems } = splitArguments(args);
  const { authentication, problems: found } = authenticationOf(draft);
  const all = [
    ...problems,
    ...found,
    ...checkPool(draft, authentication, serviceName).problems,
    ...unusedExecutorSettings(draft),
  ];
  if (all.length > 0 || authentication === undefined) {
    throw userResourceError(messageWith(name, all), pool);
  }
  const later = new Map(
    [...outputs].map(([key, output]) => [key, checkedOutput(name, key, output, pool)] as const),
  );
  return assemble(draft, authentication, later);
}

function splitArguments(args: PoolArgs): Arguments {
  const { values, problems } = flatten({ ...args }, "", OTHER_ARGUMENTS);
  const entries: Written[] = [];
  const outputs = new Map<SettingKey, pulumi.Output<unknown>>();
  const misplaced: string[] = [];
  for (const [key, value] of values) {
    if (settingOf(key).scope === "stack") misplaced.push(`\`${key}\` is not an argument of a pool`);
    else if (!isLater(value)) entries.push({ key, value, origin: originOf(key) });
    else if (mayBeOutput(key)) outputs.set(key, pulumi.output(value));
    else
      misplaced.push(
        `\`${key}\` must be a plain value, not an output: it decides which resources the pool consists of`,
      );
  }
  const origins = new Map([...outputs.keys()].map((key) => [key, originOf(key)] as const));
  const parsed = draftOf("", entries, origins, "argument");
  return {
    draft: parsed.draft,
    outputs,
    problems: [...problems, ...misplaced, ...parsed.problems],
  };
}

function originOf(path: string): Origin {
  return { path, place: "argument" };
}

function isLater(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}
