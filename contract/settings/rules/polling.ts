import { DEFAULT_CHECK_INTERVAL_SECONDS } from "../../values";
import { isSecretValue } from "../keys";
import type { Rule } from "./rule";

/** More requests a second are a burden for GitLab. */
const MAX_REQUESTS_PER_SECOND = 50;

const warnOfManyRequests: Rule = ({ value, isSet, show, name }) => {
  // How many nodes the swarm has is not known here.
  const replicas = value("mode") === "global" ? 0 : (value("replicas") ?? 0);
  const intervalSeconds = value("checkInterval") ?? DEFAULT_CHECK_INTERVAL_SECONDS;
  const rate = Math.round(replicas / intervalSeconds);
  if (rate <= MAX_REQUESTS_PER_SECOND) return {};
  const interval = isSet("checkInterval")
    ? show("checkInterval")
    : `the default ${name("checkInterval")} (${DEFAULT_CHECK_INTERVAL_SECONDS}s)`;
  return {
    warnings: [
      `${show("replicas")} and ${interval} make about ${rate} job requests per second: raise ${name("checkInterval")} to at least ${Math.ceil(replicas / MAX_REQUESTS_PER_SECOND)}s`,
    ],
  };
};

/**
 * A replica is online after gitlab-runner's first job request that GitLab answers. If the first one
 * fails, the next follows only after the interval.
 */
const warnOfLongInterval: Rule = ({ value, isSet, show, name }) => {
  const intervalSeconds = value("checkInterval") ?? DEFAULT_CHECK_INTERVAL_SECONDS;
  const timeoutSeconds = value("onlineTimeout") ?? 0;
  if (!isSet("checkInterval") || timeoutSeconds === 0 || intervalSeconds < timeoutSeconds) {
    return {};
  }
  const timeout = isSet("onlineTimeout")
    ? show("onlineTimeout")
    : `the default ${show("onlineTimeout")}`;
  return {
    warnings: [
      `${show("checkInterval")} is not shorter than ${timeout}: if the first job request of a replica fails, \`pulumi up\` fails before the second one: raise ${name("onlineTimeout")} above the interval, or lower the interval`,
    ],
  };
};

/** gitlab-runner has one worker more than it may run jobs only while a replica stops. */
const rejectManyOpenRequests: Rule = ({ value, show }) => {
  const [requests, concurrent = 1] = [value("requestConcurrency"), value("concurrent")];
  return requests === undefined || requests <= concurrent + 1
    ? {}
    : {
        problems: [
          `${show("requestConcurrency")} must be at most ${concurrent + 1}, which is ${show("concurrent")} + 1: lower it`,
        ],
      };
};

/**
 * gitlab-runner's debug log contains its configuration and the scripts of jobs. The scripts write
 * the client certificate's key to a file.
 */
const checkDebugLog: Rule = ({ value, isSet, name, show }) => {
  if (value("logLevel") !== "debug") return {};
  const proxies = (["proxy.http", "proxy.https"] as const).filter(
    (key) => value("proxy.jobs") !== false && isSecretValue(key, value(key)),
  );
  const secrets = (["secretEnvironment", "sentryDsn", "clientKey"] as const).filter(isSet);
  const logged = [...secrets, ...proxies].map(name);
  return logged.length === 0
    ? {
        warnings: [
          `${name("logLevel")} is debug: gitlab-runner then logs job tokens and variables of jobs, for everybody who can read the service's log: use info except to look for a fault`,
        ],
      }
    : {
        problems: [
          `${show("logLevel")} must not be set together with ${logged.join(" and ")}, because gitlab-runner then writes the secret values to the service's log: unset ${logged.join(" and ")} while you look for a fault, or use info`,
        ],
      };
};

/** Rules about how gitlab-runner polls and logs. */
export const POLLING_RULES: readonly Rule[] = [
  warnOfManyRequests,
  warnOfLongInterval,
  rejectManyOpenRequests,
  checkDebugLog,
];
