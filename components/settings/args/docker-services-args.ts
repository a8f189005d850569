import type { Duration } from "../../../contract/duration";
import type { ServiceArgs } from "../../../contract/settings/types/services";

/** Services, volumes and containers of jobs. */
export interface DockerServiceArgs {
  /**
   * Services that run beside every job. The values are not secret. Services also get the variables
   * in `secretEnvironment`. Rejected: two services with the same alias, and values of
   * `environment`, `command` and `entrypoint` that look like a token or a password.
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
   * Gives each job new volumes instead of those of earlier jobs, and removes them after the job.
   * Volumes of the form `SOURCE:PATH` and a cache in object storage are not affected. By default
   * `false`: the jobs of a project in a replica share volumes.
   * @example true
   */
  readonly disableCache?: boolean | undefined;
  /**
   * Absolute path of a folder on the node for what jobs keep in volumes of the form `PATH`, such as
   * their caches. It contains a folder for each replica and project. Replicas do not share them,
   * and an update of the pool begins with empty ones. By default, Docker volumes. No effect with
   * `disableCache`.
   * @example "/srv/gitlab-cache"
   */
  readonly cacheDir?: string | undefined;
  /**
   * Whether a replica that drains removes the Docker volumes with the working trees and caches of
   * its jobs, and whether online replicas remove the volumes, containers and networks of killed
   * ones. By default, `true`. With `false` they stay on the node until somebody removes them,
   * and a later replica that gets the same system ID uses them.
   * @example false
   */
  readonly tidy?: boolean | undefined;
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
