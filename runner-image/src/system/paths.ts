import { join } from "node:path";
import { ONLINE_FILE, RUN_FOLDER } from "../../../contract/replica-paths";

const RECORD = ".registered-runner.json";

/** The distribution's CA bundle. gitlab-runner trusts it; Node.js does not by default. */
export const SYSTEM_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

/** Paths of a replica's files. */
export interface ReplicaPaths {
  /**
   * The run folder, which only this replica uses. It should be in memory, because it holds the
   * token.
   */
  readonly run: string;
  /**
   * gitlab-runner's configuration. gitlab-runner expects `.runner_system_id` in the same folder.
   */
  readonly config: string;
  /** The same with its runners, while `config` has none because the Docker engine is away. */
  readonly fullConfig: string;
  readonly systemId: string;
  /** Variables of the proxy, which entrypoint.sh exports to gitlab-runner. */
  readonly proxy: string;
  /** Folder with the certificates and the key for a Docker engine with TLS. */
  readonly engineCertificates: string;
  /** Docker config with the logins of `jobRegistries`. */
  readonly jobRegistries: string;
  /** The user's configuration folder, which other replicas may share. */
  readonly folder: string;
  /** The user's config.toml, which applies wherever a replica does not set a value. Read only. */
  readonly template: string;
  /** Record of the runner that this replica registered. */
  readonly record: string;
  /** The same record in the configuration folder, where a volume keeps it. */
  readonly keptRecord: string;
  /** State that the subcommands share. Only root can read it, because it holds the token. */
  readonly state: string;
  /** Exists if gitlab-runner may run; for entrypoint.sh. Holds its metrics port; for watch.sh. */
  readonly ready: string;
  readonly online: string;
  /** Exists if the replica tidies up; for watch.sh. Holds the problem that it reported last. */
  readonly tidy: string;
  /** Exists if unused images are removed; holds the percentage, for watch.sh. */
  readonly imageLimit: string;
  /** What the replica knows of its engine's images. */
  readonly images: string;
  /** A folder on the engine's disk. */
  readonly disk: string;
  /** Pipe that passes the replica's exit code to entrypoint.sh when the replica has ended. */
  readonly exitCode: string;
  /** Holds the time at which the stop began. */
  readonly stoppedAt: string;
  /** The file that this replica holds as its place; undefined without a places folder. */
  readonly place: string | undefined;
  /** Folder with certificates of GitLab servers, as for gitlab-runner. */
  readonly certificates: string;
}

/** Returns the paths. Tests set POOL_RUN and POOL_ETC, as they do for entrypoint.sh. */
export function findPaths(env: NodeJS.ProcessEnv): ReplicaPaths {
  const run = env["POOL_RUN"] ?? RUN_FOLDER;
  const folder = env["POOL_ETC"] ?? "/etc/gitlab-runner";
  return {
    run,
    config: join(run, "config.toml"),
    fullConfig: join(run, "full-config.toml"),
    systemId: join(run, ".runner_system_id"),
    proxy: join(run, "proxy"),
    engineCertificates: join(run, "docker"),
    jobRegistries: join(run, "docker-auth.json"),
    folder,
    template: join(folder, "config.toml"),
    record: join(run, RECORD),
    keptRecord: join(folder, RECORD),
    state: join(run, "state.json"),
    ready: join(run, "ready"),
    tidy: join(run, "tidy"),
    exitCode: join(run, "exit-code"),
    stoppedAt: join(run, "stopped-at"),
    imageLimit: join(run, "image-limit"),
    images: join(run, "images.json"),
    disk: env["POOL_DISK"] ?? "/",
    online: env["POOL_RUN"] === undefined ? ONLINE_FILE : join(run, "online"),
    place: env["POOL_PLACE"] === "" ? undefined : env["POOL_PLACE"],
    certificates: join(folder, "certs"),
  };
}
