import type * as gitlab from "@pulumi/gitlab";
import * as pulumi from "@pulumi/pulumi";
import { formatDuration } from "../../contract/duration";

/**
 * Warns, also in a preview, if a runner in GitLab keeps a `maximumTimeout` that the settings no
 * longer set. The provider keeps unset values and rejects 0, so it cannot remove the timeout.
 */
export function warnOfKeptTimeout(pool: string, runner: gitlab.UserRunner): void {
  pulumi.all([runner.id, runner.maximumTimeout]).apply(async ([id, seconds]) => {
    const warning = describeKeptTimeout(pool, id, seconds);
    if (warning !== undefined) await pulumi.log.warn(warning, runner);
  });
}

/** @param seconds the provider's value; 0 and undefined mean no timeout */
function describeKeptTimeout(
  pool: string,
  runnerId: string,
  seconds: number | undefined,
): string | undefined {
  if (seconds === undefined || seconds === 0) return undefined;
  return (
    `RunnerPool "${pool}": \`maximumTimeout\` is not set, but runner ${runnerId} still has a maximum job timeout of ${formatDuration(seconds)} ` +
    "in GitLab: unsetting `maximumTimeout` does not remove it. Set `maximumTimeout` to the value that you want, or clear the " +
    "timeout on the runner's page in GitLab and run `pulumi refresh`."
  );
}
