import * as gitlab from "@pulumi/gitlab";
import type * as pulumi from "@pulumi/pulumi";
import type { PoolSettings } from "../settings/pool-settings";
import type { RunnerScope } from "../settings/runner-scope";

/**
 * Creates the runner of a pool in GitLab; undefined if the pool has a token that was supplied. The access token comes
 * from the plugin's environment and is no input, so that it is not kept in the state.
 */
export function createUserRunner(
  parent: pulumi.Resource,
  name: string,
  settings: PoolSettings,
  description: string,
): gitlab.UserRunner | undefined {
  if (settings.identity.kind !== "created") return undefined;
  const provider = new gitlab.Provider(
    `${name}-gitlab`,
    // GitLab need not be reachable for a preview.
    { baseUrl: `${settings.gitlabUrl}/api/v4/`, earlyAuthCheck: false },
    { parent },
  );
  const args = userRunnerArgs(settings, settings.identity.scope, description);
  return new gitlab.UserRunner(`${name}-runner`, args, { parent, provider });
}

function userRunnerArgs(
  { runner }: PoolSettings,
  scope: RunnerScope,
  description: string,
): gitlab.UserRunnerArgs {
  return {
    ...scopeArgs(scope),
    description,
    tagLists: [...runner.tags],
    untagged: runner.runUntagged,
    locked: runner.locked,
    paused: false,
    accessLevel: runner.protected ? "ref_protected" : "not_protected",
    ...(runner.maximumTimeout === undefined ? {} : { maximumTimeout: runner.maximumTimeout }),
  };
}

function scopeArgs(scope: RunnerScope) {
  switch (scope.kind) {
    case "instance":
      return { runnerType: "instance_type" };
    case "group":
      return { runnerType: "group_type", groupId: scope.id };
    case "project":
      return { runnerType: "project_type", projectId: scope.id };
  }
}
