import type { Rule } from "./rule";

const countServices: Rule = ({ value, show, name }) => {
  const [limit = -1, services = []] = [value("docker.servicesLimit"), value("docker.services")];
  return limit >= 0 && services.length > limit
    ? {
        problems: [
          `${name("docker.services")} must have at most ${show("docker.servicesLimit")} services; it has ${services.length}`,
        ],
      }
    : {};
};

const keepEntrypoints: Rule = ({ value, show, name }) => {
  const hasEntrypoint = value("docker.services")?.some(({ entrypoint }) => entrypoint?.length);
  return value("docker.disableEntrypointOverwrite") === true && hasEntrypoint === true
    ? {
        warnings: [
          `${show("docker.disableEntrypointOverwrite")} also ignores the entry points of ${name("docker.services")}`,
        ],
      }
    : {};
};

/** gitlab-runner creates Docker volumes for a job that must not find those of earlier jobs. */
const warnOfUnusedCacheDir: Rule = ({ value, isSet, show, name }) =>
  value("docker.disableCache") === true && isSet("docker.cacheDir")
    ? {
        warnings: [
          `${show("docker.cacheDir")} has no effect with ${show("docker.disableCache")}, which gives each job new Docker volumes: unset ${name("docker.cacheDir")} or ${name("docker.disableCache")}`,
        ],
      }
    : {};

/** Rules about services and volumes. */
export const DOCKER_SERVICES_RULES: readonly Rule[] = [
  countServices,
  keepEntrypoints,
  warnOfUnusedCacheDir,
];
