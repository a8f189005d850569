import { join } from "node:path";
import { ONLINE_FILE } from "../../contract/paths";

/** Where a replica keeps its things. */
export interface ReplicaPaths {
  /** gitlab-runner's configuration; `.runner_system_id` lies beside it. */
  readonly config: string;
  /** The configuration as it was before the drain took the runner out of it. */
  readonly configBefore: string;
  readonly systemId: string;
  /** The runner that a replica registered itself. */
  readonly record: string;
  /** What the sub-commands tell each other; only root reads it, since it holds the token. */
  readonly state: string;
  /** Tells entrypoint.sh that gitlab-runner may run. */
  readonly ready: string;
  /** By it entrypoint.sh tells that another stop signal came. */
  readonly hurry: string;
  readonly online: string;
  /** When the stop began. */
  readonly stoppedAt: string;
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
    configBefore: `${config}.before-stop`,
    systemId: join(folder, ".runner_system_id"),
    record: join(folder, ".registered-runner.json"),
    state: join(run, "state.json"),
    ready: join(run, "ready"),
    hurry: join(run, "hurry"),
    stoppedAt: join(run, "stopped-at"),
    online: env["POOL_RUN"] === undefined ? ONLINE_FILE : join(run, "online"),
    certificates: join(folder, "certs"),
  };
}
