import { parseRunnerVersion } from "../../runner-version";
import type { Rule } from "./rule";

/** gitlab-runner's own time between two job requests. */
const DEFAULT_INTERVAL_SECONDS = 3;

/** More requests a second are a burden for GitLab. */
const MAX_REQUESTS_PER_SECOND = 50;

const warnOfManyRequests: Rule = ({ value, isSet, show, name }) => {
  const replicas = value("replicas") ?? 0;
  const intervalSeconds = value("checkInterval") ?? DEFAULT_INTERVAL_SECONDS;
  const rate = Math.round(replicas / intervalSeconds);
  if (rate <= MAX_REQUESTS_PER_SECOND) return {};
  const interval = isSet("checkInterval")
    ? show("checkInterval")
    : `the default ${name("checkInterval")} (${DEFAULT_INTERVAL_SECONDS}s)`;
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

/** The first versions of gitlab-runner that have a key. An older one ignores it. */
const FIRST_VERSIONS = { prepareTimeout: [19, 0], getSourcesTimeout: [19, 1] } as const;

/** The program knows the base image of a stack, but not what the image of a component holds. */
const rejectOldRunner: Rule = ({ value, isSet, show }) => {
  const image = value("baseImage");
  const version = image === undefined ? undefined : parseRunnerVersion(image);
  if (version === undefined) return {};
  const keys = ["prepareTimeout", "getSourcesTimeout"] as const;
  return {
    problems: keys.flatMap((key) => {
      const [major, minor] = FIRST_VERSIONS[key];
      const isOlder = version.major < major || (version.major === major && version.minor < minor);
      return isSet(key) && value(key) !== undefined && isOlder
        ? [
            `${show(key)} requires gitlab-runner ${major}.${minor}, but ${show("baseImage")} is older: use a newer image, or unset the setting`,
          ]
        : [];
    }),
  };
};

/** Rules about how gitlab-runner polls and logs. */
export const POLLING_RULES: readonly Rule[] = [
  warnOfManyRequests,
  rejectManyOpenRequests,
  warnOfDebugLog,
  rejectOldRunner,
];
