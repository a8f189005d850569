import { DEFAULT_CHECK_INTERVAL_SECONDS } from "../../values";
import type { Rule } from "./rule";

/** More requests a second are a burden for GitLab. */
const MAX_REQUESTS_PER_SECOND = 50;

const warnOfManyRequests: Rule = ({ value, isSet, show, name }) => {
  const replicas = value("replicas") ?? 0;
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

const warnOfDebugLog: Rule = ({ value, name }) =>
  value("logLevel") === "debug"
    ? {
        warnings: [
          `${name("logLevel")} is debug: gitlab-runner then logs what it exchanges with GitLab, including variables of jobs: use info except to look for a fault`,
        ],
      }
    : {};

/** Rules about how gitlab-runner polls and logs. */
export const POLLING_RULES: readonly Rule[] = [
  warnOfManyRequests,
  rejectManyOpenRequests,
  warnOfDebugLog,
];
