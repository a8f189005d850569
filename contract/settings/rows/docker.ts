import { imageTemplate, networkMode, volumes } from "../../docker-syntax";
import { list } from "../../lists";
import { PULL_POLICIES } from "../../values";
import { boolean, oneOf } from "../types/plain";
import type { Setting } from "../setting";

/** The docker executor. */
export const DOCKER_ROWS = {
  "docker.privileged": {
    topic: "Docker executor",
    type: boolean,
    scope: "replica",
    default: false,
    executor: "docker",
    toml: "runners.docker.privileged",
    description: "Run job containers in privileged mode, which gives jobs root access to the node.",
  },
  "docker.volumes": {
    topic: "Docker executor",
    type: volumes,
    scope: "replica",
    default: "/cache",
    executor: "docker",
    toml: "runners.docker.volumes",
    description: "Volumes of job containers: `PATH` or `SOURCE:PATH[:MODE]`.",
  },
  "docker.pullPolicy": {
    topic: "Docker executor",
    type: oneOf(PULL_POLICIES),
    scope: "replica",
    default: "always",
    executor: "docker",
    toml: "runners.docker.pull_policy",
    description: "When to pull a job's image.",
  },
  "docker.allowedImages": {
    topic: "Docker executor",
    type: list,
    scope: "replica",
    default: "[]",
    executor: "docker",
    toml: "runners.docker.allowed_images",
    description: "Patterns of the images that jobs may use. By default, jobs may use any image.",
  },
  "docker.helperImage": {
    topic: "Docker executor",
    type: imageTemplate,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.helper_image",
    description:
      "Image of the helper container, which clones the repository and handles caches and artifacts. Default: gitlab-runner's own.",
  },
  "docker.networkMode": {
    topic: "Docker executor",
    type: networkMode,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.network_mode",
    description:
      "Network of job containers, such as `host` or the name of a network. Default: Docker's default network.",
  },
} as const satisfies Record<string, Setting>;
