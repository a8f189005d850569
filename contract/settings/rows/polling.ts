import { duration } from "../../duration";
import { LOG_FORMATS, LOG_LEVELS } from "../../runner-logging";
import { listenAddress } from "../../listen-address";
import { runnerLabels } from "../../runner-labels";
import { sentryDsn } from "../../sentry-dsn";
import { DEFAULT_CHECK_INTERVAL_SECONDS, MAX_CONCURRENT } from "../../values";
import { boolean, integer, oneOf } from "../types/plain";
import type { Setting } from "../setting";

/** How gitlab-runner asks for jobs, and what it reports. */
export const POLLING_ROWS = {
  checkInterval: {
    topic: "Polling and logs",
    type: duration(1, 600),
    scope: "replica",
    toml: "check_interval",
    description: `Time between two job requests of a replica (\`1s\`–\`10m\`). Use less than \`onlineTimeout\`. Default: \`${DEFAULT_CHECK_INTERVAL_SECONDS}s\`.`,
  },
  strictCheckInterval: {
    topic: "Polling and logs",
    type: boolean,
    scope: "replica",
    toml: "runners.strict_check_interval",
    description:
      "Wait for `checkInterval` also after a job request that returned a job. Default: `false`.",
  },
  requestConcurrency: {
    topic: "Polling and logs",
    type: integer(1, MAX_CONCURRENT + 1),
    scope: "replica",
    toml: "runners.request_concurrency",
    description:
      "How many job requests a replica may have open at once, at most `concurrent` + 1. Default: `concurrent`, but at least 2 and at most 4.",
  },
  labels: {
    topic: "Polling and logs",
    type: runnerLabels,
    scope: "replica",
    toml: "labels",
    description: "Labels of the runner manager, by name, for GitLab's job router.",
  },
  bootVerify: {
    topic: "Polling and logs",
    type: boolean,
    scope: "replica",
    toml: "runners.experimental.boot_verify.enabled",
    description:
      "Run a test job at the start of each replica. The replica comes online only if the job succeeds, and otherwise exits. Experimental in gitlab-runner. Default: `false`.",
  },
  logLevel: {
    topic: "Polling and logs",
    type: oneOf(LOG_LEVELS),
    scope: "replica",
    toml: "log_level",
    description:
      "Least severe messages that gitlab-runner logs. `debug` also logs job tokens and variables of jobs, and excludes `secretEnvironment`, `sentryDsn`, `clientKey` and a proxy with a user. Default: `info`.",
  },
  logFormat: {
    topic: "Polling and logs",
    type: oneOf(LOG_FORMATS),
    scope: "replica",
    toml: "log_format",
    description:
      "Format of gitlab-runner's log lines. A replica's own lines stay text. Default: `runner`.",
  },
  sentryDsn: {
    topic: "Polling and logs",
    type: sentryDsn,
    scope: "replica",
    secret: true,
    toml: "sentry_dsn",
    description: "Address (DSN) of the Sentry project to which gitlab-runner reports its errors.",
  },
  listenAddress: {
    topic: "Polling and logs",
    type: listenAddress,
    scope: "replica",
    toml: "listen_address",
    description:
      "Where each replica serves gitlab-runner's metrics, such as `:9252` for all containers in its network. See [metrics](#metrics). Default: only the replica itself can read them.",
  },
} as const satisfies Record<string, Setting>;
