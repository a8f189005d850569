import type * as pulumi from "@pulumi/pulumi";
import type { Duration } from "../../../contract/duration";
import type { LogFormat, LogLevel } from "../../../contract/runner-logging";

/** How gitlab-runner asks for jobs, and what it reports. */
export interface PollingArgs {
  /**
   * Time between two job requests of a replica, 1 second to 10 minutes, as a string or a number of
   * seconds. By default, 3 seconds.
   * @example "5s"
   */
  readonly checkInterval?: Duration | undefined;
  /**
   * Waits for `checkInterval` also after a job request that returned a job. By default,
   * gitlab-runner then asks again at once.
   * @example true
   */
  readonly strictCheckInterval?: boolean | undefined;
  /**
   * How many job requests a replica may have open at once, at most `concurrent` + 1. By default,
   * `concurrent`, but at least 2 and at most 4.
   * @example 1
   */
  readonly requestConcurrency?: number | undefined;
  /**
   * Labels of the runner manager, by name, for GitLab's job router. At most 32. Names and values
   * consist of letters, digits, dots, underscores and hyphens.
   * @example { zone: "eu-1", disk: "ssd" }
   */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /**
   * Runs a test job at the start of each replica. The replica comes online only if the job
   * succeeds. Otherwise it exits, and Swarm starts another. Experimental in gitlab-runner. By
   * default, no job runs.
   * @example true
   */
  readonly bootVerify?: boolean | undefined;
  /**
   * Least severe messages that gitlab-runner logs. `debug` also logs job tokens and variables of
   * jobs, and must not be set together with `secretEnvironment`, `sentryDsn`, `clientKey` or a
   * proxy with a user. By default, `info`.
   * @example "warn"
   */
  readonly logLevel?: LogLevel | undefined;
  /**
   * Format of gitlab-runner's log lines. A replica's own lines stay text. By default, `runner`.
   * @example "json"
   */
  readonly logFormat?: LogFormat | undefined;
  /**
   * Address (DSN) of the Sentry project to which gitlab-runner reports its errors. Stored in a
   * swarm secret, because it contains a key.
   * @example "https://0123456789abcdef@sentry.example.com/42"
   */
  readonly sentryDsn?: pulumi.Input<string> | undefined;
  /**
   * Where each replica serves gitlab-runner's metrics: `:PORT` for all containers in the network of
   * the replicas, or `127.0.0.1:PORT` for the replica alone. Ports below 1024 and other addresses
   * are rejected. The same address serves Go's profiler without a login. By default, a free port
   * that only the replica reads.
   * @example ":9252"
   */
  readonly listenAddress?: string | undefined;
}
