import { imageTemplate } from "../../docker-syntax";
import { PULL_POLICIES } from "../../values";
import type { Setting } from "../setting";
import { choices } from "../types/choices";
import { pullPolicies } from "../types/pull-policies";
import { helperFlavor } from "../types/helper-flavor";
import { imagePatterns } from "../types/image-patterns";
import { jobRegistries } from "../types/job-registries";
import { boolean, integer } from "../types/plain";

/** The docker executor: images. */
export const DOCKER_IMAGES_ROWS = {
  jobRegistries: {
    topic: "Docker executor: images",
    type: jobRegistries,
    scope: "replica",
    secret: true,
    executor: "docker",
    description:
      "Logins of the registries from which images of jobs, services and helper containers are pulled, by host. Or the text of a docker `config.json`. `DOCKER_AUTH_CONFIG` of a job takes precedence ([private registries](registries.md)).",
  },
  "docker.pullPolicy": {
    topic: "Docker executor: images",
    type: pullPolicies,
    scope: "replica",
    default: "always",
    executor: "docker",
    toml: "runners.docker.pull_policy",
    description:
      "When to pull images. With several policies, gitlab-runner tries the next one if pulling fails.",
  },
  "docker.allowedPullPolicies": {
    topic: "Docker executor: images",
    type: choices(PULL_POLICIES),
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.allowed_pull_policies",
    description:
      "Pull policies that a job may request. Must include each of `docker.pullPolicy`. Default: those of `docker.pullPolicy`.",
  },
  "docker.allowedImages": {
    topic: "Docker executor: images",
    type: imagePatterns,
    scope: "replica",
    default: "[]",
    executor: "docker",
    toml: "runners.docker.allowed_images",
    description:
      "Patterns of the images that jobs may use, such as `{ruby,node}:*`. By default, jobs may use any image.",
  },
  "docker.allowedServices": {
    topic: "Docker executor: images",
    type: imagePatterns,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.allowed_services",
    description:
      "Patterns of the images that jobs may use as services. By default, jobs may use any image.",
  },
  "docker.helperImage": {
    topic: "Docker executor: images",
    type: imageTemplate,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.helper_image",
    description:
      "Image of the helper container, which clones the repository and handles caches and artifacts. Default: gitlab-runner's own.",
  },
  "docker.helperImageFlavor": {
    topic: "Docker executor: images",
    type: helperFlavor,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.helper_image_flavor",
    description:
      "Base of gitlab-runner's own helper image: `alpine`, `alpine3.21`, `alpine-latest`, `ubuntu` or `ubi-fips`. Default: `alpine`.",
  },
  "docker.imageDiskLimit": {
    topic: "Docker executor: images",
    type: integer(0, 99),
    scope: "replica",
    executor: "docker",
    description:
      "Percentage of the engine's disk (0–99) above which unused images are removed, the oldest first ([images](nodes.md#images)). Default: `0`, which turns this off.",
  },
  "docker.disableEntrypointOverwrite": {
    topic: "Docker executor: images",
    type: boolean,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.disable_entrypoint_overwrite",
    description: "Ignore the entry point that a job sets for its image or for a service.",
  },
} as const satisfies Record<string, Setting>;
