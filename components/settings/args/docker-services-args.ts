import type { Duration } from "../../../contract/duration";
import type { ServiceArgs } from "../../../contract/settings/types/services";

/** Services, volumes and containers of jobs. */
export interface DockerServiceArgs {
  /**
   * Services that run beside every job. The values are not secret. Rejected: two services with the
   * same alias, and GitLab tokens in `environment`.
   * @example [{ name: "postgres:17", alias: "db", command: ["postgres", "-c", "fsync=off"],
   * entrypoint: ["docker-entrypoint.sh"], environment: { POSTGRES_DB: "ci" } }]
   */
  readonly services?: readonly ServiceArgs[] | undefined;
  /**
   * Maximum number of services of a job, 0 to 50, including those of `services`. By default, -1,
   * which means any number.
   * @example 5
   */
  readonly servicesLimit?: number | undefined;
  /**
   * How long a job waits until its services accept connections, 1 second to 1 hour, as a string or
   * a number of seconds. -1 turns the wait off. By default, 30 seconds.
   * @example "1m"
   */
  readonly waitForServicesTimeout?: Duration | undefined;
  /**
   * Volumes of job containers, each `PATH` or `SOURCE:PATH[:MODE]`: a list of strings or a
   * comma-separated string. Rejected: relative paths, Windows paths, and two volumes at the same
   * path.
   * @default ["/cache"]
   * @example ["/cache", "/certs:/certs:ro"]
   */
  readonly volumes?: string | readonly string[] | undefined;
  /**
   * Creates no volumes for caches, so that nothing of a job stays on the node. A cache in object
   * storage is not affected. By default, jobs of a project share volumes on a node.
   * @example true
   */
  readonly disableCache?: boolean | undefined;
  /**
   * Absolute path of a folder on the node for the caches of jobs. By default, they are in Docker
   * volumes.
   * @example "/srv/gitlab-cache"
   */
  readonly cacheDir?: string | undefined;
  /**
   * Labels of the containers of jobs and services. gitlab-runner expands the job's variables in
   * the values. Rejected: names that gitlab-runner or Docker use.
   * @example { team: "build" }
   */
  readonly containerLabels?: Readonly<Record<string, string>> | undefined;
  /**
   * Options of Docker's log driver json-file for the containers of jobs and services: `env` and
   * `labels`, each a list of names separated by commas.
   * @example { labels: "team" }
   */
  readonly logOptions?: Readonly<Record<string, string>> | undefined;
}
