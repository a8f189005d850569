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
  RUNNER_CA_CERT: "RUNNER_CA_CERTIFICATE",
  RUNNER_CLIENT_CERT: "RUNNER_CLIENT_CERTIFICATE",
  RUNNER_HTTP_PROXY: "RUNNER_PROXY_HTTP",
  RUNNER_HTTPS_PROXY: "RUNNER_PROXY_HTTPS",
  RUNNER_NO_PROXY: "RUNNER_PROXY_NO_PROXY",
  CUSTOM_BUILD_DIR_ENABLED: "RUNNER_CUSTOM_BUILD_DIR",
  DOCKER_IMAGE: "RUNNER_IMAGE",
  DOCKER_PRIVILEGED: "RUNNER_DOCKER_PRIVILEGED",
  DOCKER_VOLUMES: "RUNNER_DOCKER_VOLUMES",
  DOCKER_PULL_POLICY: "RUNNER_DOCKER_PULL_POLICY",
  DOCKER_ALLOWED_IMAGES: "RUNNER_DOCKER_ALLOWED_IMAGES",
  DOCKER_HELPER_IMAGE: "RUNNER_DOCKER_HELPER_IMAGE",
  DOCKER_NETWORK_MODE: "RUNNER_DOCKER_NETWORK_MODE",
};

/** The files from which the image reads what a stack has settings for. HOST is GitLab's. */
const FILES: Readonly<Record<string, string>> = {
  RUNNER_CA_CERTIFICATE: "HOST.crt",
  RUNNER_CLIENT_CERTIFICATE: "HOST.auth.crt",
  RUNNER_CLIENT_KEY: "HOST.auth.key",
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
      const setting = equivalent ?? name;
      if (Object.hasOwn(FILES, setting) && !known.includes(setting)) {
        return [
          `${name} is not a setting of the image and has no effect: put the content into /etc/gitlab-runner/certs/${FILES[setting] ?? ""}, where HOST is GitLab's host name`,
        ];
      }
      const meant = equivalent ?? findNearest(name, known);
      return [
        `${name} is not a setting and has no effect${meant === undefined ? "" : `: did you mean ${meant}?`}`,
      ];
    });
}
