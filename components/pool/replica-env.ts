import { formatDuration } from "../../contract/duration";
import { TOKEN_FILE } from "../../contract/paths";
import { REPLICA_ENV, type ReplicaSetting } from "../../contract/replica-env";
import type { PoolSettings } from "../settings/pool-settings";

/** Variables of a replica, but for the generation: one a setting, so that a diff reads well. */
export function replicaVariables(settings: PoolSettings): Record<string, string> {
  const values: Partial<Record<ReplicaSetting, string>> = {
    gitlabUrl: settings.gitlabUrl,
    runnerName: settings.runnerName,
    jobImage: settings.jobImage,
    concurrent: String(settings.concurrent),
    drainTimeout: formatDuration(settings.drainTimeout),
    executor: settings.executor,
    ...(settings.executor === "docker" ? dockerValues(settings) : {}),
    ...identityValues(settings),
  };
  return {
    [`${REPLICA_ENV.token}_FILE`]: TOKEN_FILE,
    ...Object.fromEntries(
      Object.entries(values).map(([key, value]) => [
        REPLICA_ENV[key as ReplicaSetting],
        escapeTemplate(value),
      ]),
    ),
    // Filled in by swarm for each task.
    [REPLICA_ENV.pool]: "{{.Service.Name}}/{{.Service.ID}}",
    [REPLICA_ENV.slot]: "{{.Task.Slot}}",
  };
}

/** Swarm takes `{{…}}` in the environment for a template; a setting's text must stay as it is. */
function escapeTemplate(text: string): string {
  return text.replaceAll("{{", "{{`{{`}}");
}

/** What a replica tells GitLab when it registers a runner of its own; of any other runner GitLab knows it already. */
function identityValues({
  identity,
  runner,
}: PoolSettings): Partial<Record<ReplicaSetting, string>> {
  if (identity.kind !== "registration") return { tokenKind: "authentication" };
  return {
    tokenKind: "registration",
    tags: runner.tags.join(","),
    runUntagged: String(runner.runUntagged),
    locked: String(runner.locked),
    protected: String(runner.protected),
    ...(runner.maximumTimeout === undefined
      ? {}
      : { maximumTimeout: formatDuration(runner.maximumTimeout) }),
  };
}

function dockerValues({ docker }: PoolSettings): Partial<Record<ReplicaSetting, string>> {
  const { helperImage, networkMode } = docker;
  return {
    dockerPrivileged: String(docker.privileged),
    dockerVolumes: docker.volumes.join(","),
    dockerPullPolicy: docker.pullPolicy,
    ...(docker.allowedImages.length === 0
      ? {}
      : { dockerAllowedImages: docker.allowedImages.join(",") }),
    ...(helperImage === undefined ? {} : { dockerHelperImage: helperImage }),
    ...(networkMode === undefined ? {} : { dockerNetworkMode: networkMode }),
  };
}
