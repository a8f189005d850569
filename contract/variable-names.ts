import { findNearest } from "./suggest";

/** Variables of `gitlab-runner register` and of GitLab jobs, and the variables to use instead. */
const GITLAB_RUNNER_NAMES: Readonly<Record<string, string>> = {
  CI_SERVER_URL: "RUNNER_CI_URL",
  CI_SERVER_TOKEN: "RUNNER_CI_TOKEN",
  REGISTRATION_TOKEN: "RUNNER_CI_TOKEN",
  RUNNER_TAG_LIST: "RUNNER_TAGS",
  REGISTER_RUN_UNTAGGED: "RUNNER_RUN_UNTAGGED",
  REGISTER_LOCKED: "RUNNER_LOCKED",
  REGISTER_ACCESS_LEVEL: "RUNNER_PROTECTED",
  REGISTER_MAXIMUM_TIMEOUT: "RUNNER_MAXIMUM_TIMEOUT",
  RUNNER_LIMIT: "RUNNER_CONCURRENT",
  RUNNER_ENV: "RUNNER_ENVIRONMENT",
  CUSTOM_BUILD_DIR_ENABLED: "RUNNER_CUSTOM_BUILD_DIR",
  DOCKER_IMAGE: "RUNNER_IMAGE",
  DOCKER_PRIVILEGED: "RUNNER_DOCKER_PRIVILEGED",
  DOCKER_VOLUMES: "RUNNER_DOCKER_VOLUMES",
  DOCKER_PULL_POLICY: "RUNNER_DOCKER_PULL_POLICY",
  DOCKER_ALLOWED_IMAGES: "RUNNER_DOCKER_ALLOWED_IMAGES",
  DOCKER_HELPER_IMAGE: "RUNNER_DOCKER_HELPER_IMAGE",
  DOCKER_NETWORK_MODE: "RUNNER_DOCKER_NETWORK_MODE",
};

/** Variables that configure a registry server or other tools. */
const OTHER_NAMES = /^REGISTRY_(?:AUTH(?:_|$)|HTTP_|STORAGE_|LOG_|PROXY_|NOTIFICATIONS_|HEALTH_)/;

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Describes each variable that looks like a setting but is not one.
 * @param known the names of all variables that are read
 */
export function describeUnknownVariables(env: Env, known: readonly string[]): readonly string[] {
  return Object.keys(env)
    .filter((name) => env[name] !== undefined && env[name] !== "" && !known.includes(name))
    .flatMap((name) => {
      const equivalent = Object.hasOwn(GITLAB_RUNNER_NAMES, name)
        ? GITLAB_RUNNER_NAMES[name]
        : undefined;
      const hasOurPrefix = /^(?:RUNNER|REGISTRY)_/.test(name) && !OTHER_NAMES.test(name);
      if (equivalent === undefined && !hasOurPrefix) return [];
      const meant = equivalent ?? findNearest(name, known);
      return [
        `${name} is not a setting and has no effect${meant === undefined ? "" : `: did you mean ${meant}?`}`,
      ];
    });
}
