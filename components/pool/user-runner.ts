import type * as gitlab from "@pulumi/gitlab";
import * as pulumi from "@pulumi/pulumi";
import type { PoolSettings } from "../settings/pool-settings";
import type { RunnerScope } from "../../contract/settings/types/runner-scope";
import { loadGitlab } from "./gitlab-package";
import { warnOfKeptTimeout } from "./kept-timeout";

/**
 * Creates the runner of a pool in GitLab, with the pool's gitlab provider or a new one. A new
 * provider reads the access token from the plugin's environment. The token is not an input, so the
 * state does not contain it.
 */
export function createUserRunner(
  parent: pulumi.Resource,
  name: string,
  settings: PoolSettings,
  scope: RunnerScope,
  description: pulumi.Input<string>,
): gitlab.UserRunner {
  const { Provider, UserRunner } = loadGitlab(parent);
  const provider =
    findGitlabProvider(parent) ??
    new Provider(
      `${name}-gitlab`,
      // A preview must work even when GitLab is not reachable.
      { baseUrl: pulumi.interpolate`${settings.gitlabUrl}/api/v4/`, earlyAuthCheck: false },
      { parent },
    );
  const args = buildRunnerArgs(settings, scope, description);
  const runner = new UserRunner(`${name}-runner`, args, { parent, provider });
  if (args.maximumTimeout === undefined) warnOfKeptTimeout(name, runner);
  return runner;
}

/** Finds the gitlab provider that the program passed to a pool or its parent. */
export function findGitlabProvider(pool: pulumi.Resource): pulumi.ProviderResource | undefined {
  return pool.getProvider("gitlab:index/userRunner:UserRunner");
}

function buildRunnerArgs(
  runner: PoolSettings,
  scope: RunnerScope,
  description: pulumi.Input<string>,
): gitlab.UserRunnerArgs {
  return {
    ...buildScopeArgs(scope),
    description,
    tagLists: [...runner.tags],
    untagged: runner.runUntagged,
    locked: runner.locked,
    paused: false,
    accessLevel: runner.protected ? "ref_protected" : "not_protected",
    ...(runner.maximumTimeout === undefined ? {} : { maximumTimeout: runner.maximumTimeout }),
  };
}

function buildScopeArgs(scope: RunnerScope) {
  switch (scope.kind) {
    case "instance":
      return { runnerType: "instance_type" };
    case "group":
      return { runnerType: "group_type", groupId: scope.id };
    case "project":
      return { runnerType: "project_type", projectId: scope.id };
  }
}
