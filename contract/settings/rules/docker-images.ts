import { matchesGlob } from "../../glob/match";
import { parseEngineHost } from "../types/engine-host";
import type { Rule } from "./rule";

/** gitlab-runner ignores a policy that is not allowed, and fails a job without any other. */
const allowPullPolicies: Rule = ({ value, show, name }) => {
  const allowed = value("docker.allowedPullPolicies");
  const missing = (value("docker.pullPolicy") ?? []).filter(
    (policy) => allowed?.includes(policy) === false,
  );
  return missing.length === 0
    ? {}
    : {
        problems: [
          `${show("docker.pullPolicy")} must only have policies of ${show("docker.allowedPullPolicies")}: add ${missing.join(" and ")} to ${name("docker.allowedPullPolicies")}, or change ${name("docker.pullPolicy")}`,
        ],
      };
};

/**
 * gitlab-runner allows the default image in any case, so the list would not say which images jobs
 * use. An image that the user did not set for this pool only causes a warning.
 */
const allowDefaultImage: Rule = ({ value, isOwn, show, name }) => {
  const [image, allowed = []] = [value("jobImage"), value("docker.allowedImages")];
  if (image === undefined || allowed.length === 0 || isAllowed(image, allowed)) return {};
  const text = `${show("jobImage")} does not match a pattern of ${show("docker.allowedImages")}, but gitlab-runner allows the default image in any case: add a pattern for it to ${name("docker.allowedImages")}, or set ${name("jobImage")} to an image that matches`;
  return isOwn("jobImage") ? { problems: [text] } : { warnings: [text] };
};

/** gitlab-runner starts configured services even if the list does not allow them. */
const allowServices: Rule = ({ value, show, name }) => {
  const allowed = value("docker.allowedServices") ?? [];
  const other = (value("docker.services") ?? [])
    .map((service) => service.name)
    // gitlab-runner expands variables, whose values are not known here.
    .filter((image) => !image.includes("$") && !isAllowed(image, allowed));
  return allowed.length === 0 || other.length === 0
    ? {}
    : {
        problems: [
          `${name("docker.services")} must only have images that match a pattern of ${show("docker.allowedServices")}, not ${other.join(" and ")}: add a pattern, or remove the service`,
        ],
      };
};

function isAllowed(image: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matchesGlob(pattern, image));
}

const chooseHelperImage: Rule = ({ isSet, value, show }) =>
  value("docker.helperImageFlavor") !== undefined && isSet("docker.helperImage")
    ? {
        problems: [
          `${show("docker.helperImageFlavor")} and ${show("docker.helperImage")} are mutually exclusive, because the flavor belongs to gitlab-runner's own helper image: unset one of them`,
        ],
      }
    : {};

/** A replica measures the disk on which its own container is. */
const limitOwnDisk: Rule = ({ value, show, name }) => {
  const [limit = 0, host] = [value("docker.imageDiskLimit"), value("docker.host")];
  return limit > 0 && host !== undefined && parseEngineHost(host).kind === "tcp"
    ? {
        problems: [
          `${show("docker.imageDiskLimit")} needs an engine on the replica's node, not ${show("docker.host")}, whose disk a replica cannot see: unset ${name("docker.imageDiskLimit")}, and remove unused images on the machine of that engine`,
        ],
      }
    : {};
};

/** Rules about the images of jobs and services. */
export const DOCKER_IMAGE_RULES: readonly Rule[] = [
  allowPullPolicies,
  allowDefaultImage,
  allowServices,
  chooseHelperImage,
  limitOwnDisk,
];
