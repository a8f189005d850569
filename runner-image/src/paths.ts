import { join } from "node:path";
import { ONLINE_FILE } from "../../contract/paths";

/** Where a replica keeps its things. */
export interface ReplicaPaths {
  /** gitlab-runner's configuration; `.runner_system_id` lies beside it. */
  readonly config: string;
  readonly systemId: string;
  /** What the sub-commands tell each other; only root reads it, since it holds the token. */
  readonly state: string;
  /** Tells entrypoint.sh that gitlab-runner may run. */
  readonly ready: string;
  readonly online: string;
  /** Certificates of GitLab servers, as gitlab-runner looks for them. */
  readonly certificates: string;
}

/** The paths; tests set POOL_RUN and POOL_CONFIG, as they do for entrypoint.sh. */
export function findPaths(env: NodeJS.ProcessEnv): ReplicaPaths {
  const run = env["POOL_RUN"] ?? "/run/gitlab-runner-pool";
  const config = env["POOL_CONFIG"] ?? "/etc/gitlab-runner/config.toml";
  const folder = join(config, "..");
  return {
    config,
    systemId: join(folder, ".runner_system_id"),
    state: join(run, "state.json"),
    ready: join(run, "ready"),
    online: env["POOL_RUN"] === undefined ? ONLINE_FILE : join(run, "online"),
    certificates: join(folder, "certs"),
  };
}
