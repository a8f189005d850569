import type * as pulumi from "@pulumi/pulumi";
import { plainResourceError } from "../plain-error";
import { checkPool, identityOf, unusedDockerSettings } from "../settings/check-pool";
import { draftOf, valueOf } from "../settings/draft";
import { flatten } from "../settings/flatten";
import type { PoolArgs } from "../settings/pool-args";
import { poolSettings, type PoolSettings } from "../settings/pool-settings";

/** Takes the place of a token whose text is not known yet, so that the other settings can be checked. */
const UNKNOWN_TOKEN = "not-known-yet";

/** Arguments of the component that are no settings. */
const OTHER_ARGUMENTS = ["image", "serviceName", "description"];

/**
 * Reads the arguments of a pool with the same parsers as the stack's settings.
 * @throws {pulumi.ResourceError} with every problem that there is
 */
export function checkedSettings(
  name: string,
  serviceName: string,
  args: PoolArgs,
  pool: pulumi.Resource,
): PoolSettings {
  const token = typeof args.token === "string" ? args.token : undefined;
  const known = { ...args, token: args.token === undefined ? undefined : (token ?? UNKNOWN_TOKEN) };
  const { values, problems } = flatten(known, "", OTHER_ARGUMENTS);
  const entries = [...values].map(([key, value]) => {
    return { key, value, origin: { path: key, place: "argument" } } as const;
  });
  const { draft, problems: wrong } = draftOf("", entries);
  const found = identityOf(draft, token);
  const all = [
    ...problems,
    ...wrong,
    ...found.problems,
    ...checkPool(draft, found.identity, serviceName).problems,
    ...(valueOf(draft, "executor") === "shell" ? unusedDockerSettings(draft) : []),
  ];
  if (all.length > 0 || found.identity === undefined) {
    const message = [`RunnerPool "${name}" cannot be made:`, ...all].join("\n  - ");
    throw plainResourceError(message, pool);
  }
  return poolSettings(draft, found.identity);
}
