import { imageReference, imageTemplate, networkMode, volumes } from "../docker-syntax";
import { duration } from "../duration";
import { gitlabUrl } from "../gitlab-url";
import { list, tags } from "../lists";
import { TOKEN_KINDS } from "../token";
import {
  EXECUTORS,
  MAX_CONCURRENT,
  MAX_DRAIN_TIMEOUT_SECONDS,
  MAX_REPLICAS,
  MIN_MAXIMUM_TIMEOUT_SECONDS,
  PULL_POLICIES,
  registryUser,
  runnerName,
  runnerToken,
} from "../values";
import { BASE_IMAGE, NODE_IMAGE } from "../versions";
import type { Setting } from "./setting";
import { network } from "./types/network";
import { boolean, integer, oneOf } from "./types/plain";
import { registryAddress } from "./types/registry-address";
import { registryPassword } from "./types/registry-password";
import { runnerScope } from "./types/runner-scope";

const DAY_SECONDS = 86_400;

/**
 * Every setting by its key. A dot leads into an object (`docker.privileged`). A setting of
 * gitlab-runner has gitlab-runner's name in camelCase, at gitlab-runner's path. Everything else
 * about a setting is derived from its row, or a test or the compiler compares it with the row.
 * CONTRIBUTING.md lists the places.
 */
export const SETTINGS = {
  gitlabUrl: {
    type: gitlabUrl,
    env: "RUNNER_CI_URL",
    scope: "replica",
    required: true,
    input: true,
    toml: "runners.url",
    description: "Base URL of GitLab, as reachable from the replicas. Required.",
  },
  replicas: {
    type: integer(0, MAX_REPLICAS),
    scope: "pool",
    default: 2,
    input: true,
    description: `Number of replicas (0–${MAX_REPLICAS}).`,
  },
  token: {
    type: runnerToken,
    env: "RUNNER_CI_TOKEN",
    scope: "replica",
    secret: true,
    input: true,
    description:
      "Runner authentication token (`glrt-…`) or legacy registration token. Set either `token` or `runnerScope`.",
  },
  tokenKind: {
    type: oneOf(TOKEN_KINDS),
    scope: "replica",
    description: "Type of `token`, if it cannot be inferred from the prefix.",
  },
  runnerScope: {
    type: runnerScope,
    env: "RUNNER_SCOPE",
    scope: "pool",
    description:
      "Create the runner in GitLab at this scope. Requires `GITLAB_TOKEN` in the environment. Mutually exclusive with `token`.",
  },
  runnerName: {
    type: runnerName,
    env: "RUNNER_NAME",
    scope: "replica",
    default: "gitlab-runner-",
    description: "Prefix of the runner's description. Each replica appends its slot.",
  },
  jobImage: {
    type: imageReference,
    env: "RUNNER_IMAGE",
    scope: "replica",
    default: "ubuntu:24.04",
    input: true,
    toml: "runners.docker.image",
    description: "Default image for jobs that do not specify one.",
  },
  tags: {
    type: tags,
    scope: "replica",
    default: "docker,linux",
    newRunnerOnly: "ignored",
    description:
      "Tags of the runner, separated by commas. Ignored with a supplied authentication token: set them in GitLab.",
  },
  runUntagged: {
    type: boolean,
    scope: "replica",
    default: true,
    newRunnerOnly: "rejected",
    description: "Run untagged jobs. With a supplied authentication token, set this in GitLab.",
  },
  locked: {
    type: boolean,
    scope: "replica",
    default: false,
    newRunnerOnly: "rejected",
    description:
      "Lock the runner to its projects. With a supplied authentication token, set this in GitLab.",
  },
  protected: {
    type: boolean,
    scope: "replica",
    default: false,
    newRunnerOnly: "rejected",
    description:
      "Run jobs from protected branches and tags only. With a supplied authentication token, set this in GitLab.",
  },
  maximumTimeout: {
    type: duration(MIN_MAXIMUM_TIMEOUT_SECONDS, 365 * DAY_SECONDS),
    scope: "replica",
    newRunnerOnly: "rejected",
    description:
      "Maximum job duration, at least `10m`. No limit by default. With a supplied authentication token, set this in GitLab.",
  },
  concurrent: {
    type: integer(1, MAX_CONCURRENT),
    scope: "replica",
    default: 1,
    toml: "concurrent",
    description: `Maximum number of concurrent jobs per replica (1–${MAX_CONCURRENT}).`,
  },
  drainTimeout: {
    type: duration(0, MAX_DRAIN_TIMEOUT_SECONDS),
    scope: "replica",
    default: "1h",
    description:
      "How long a stopping replica may take to finish running jobs. Fixed when the replica starts.",
  },
  onlineTimeout: {
    type: duration(0, DAY_SECONDS),
    scope: "pool",
    default: "2m",
    description:
      "How long `pulumi up` waits for every replica to come online. `0s` disables the wait.",
  },
  executor: {
    type: oneOf(EXECUTORS),
    scope: "replica",
    default: "docker",
    toml: "runners.executor",
    description:
      "`docker` runs each job in its own container. `shell` runs jobs inside the replica.",
  },
  "docker.privileged": {
    type: boolean,
    scope: "replica",
    default: false,
    executor: "docker",
    toml: "runners.docker.privileged",
    description: "Run job containers in privileged mode.",
  },
  "docker.volumes": {
    type: volumes,
    scope: "replica",
    default: "/cache",
    executor: "docker",
    toml: "runners.docker.volumes",
    description: "Volumes of job containers, as `PATH` or `SOURCE:PATH[:MODE]`.",
  },
  "docker.pullPolicy": {
    type: oneOf(PULL_POLICIES),
    scope: "replica",
    default: "always",
    executor: "docker",
    toml: "runners.docker.pull_policy",
    description: "When to pull the image of a job.",
  },
  "docker.allowedImages": {
    type: list,
    scope: "replica",
    default: "[]",
    executor: "docker",
    toml: "runners.docker.allowed_images",
    description: "Patterns of the images that jobs may use. Any image by default.",
  },
  "docker.helperImage": {
    type: imageTemplate,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.helper_image",
    description: "Helper image (git clone, cache, artifacts). Defaults to gitlab-runner's own.",
  },
  "docker.networkMode": {
    type: networkMode,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.network_mode",
    description:
      "Network of job containers, such as a network name or `host`. Defaults to Docker's default network.",
  },
  network: {
    type: network,
    scope: "pool",
    input: true,
    description:
      "Name of an existing attachable overlay network, or an object with `subnet` (CIDR) and `encrypted` for the network to create. By default, the pool creates a network.",
  },
  "registry.address": {
    type: registryAddress,
    env: "REGISTRY_ADDRESS",
    scope: "stack",
    required: true,
    description:
      "Registry that the image is pushed to and pulled from, as `HOST[:PORT][/PATH]`. Prefix it with `http://` for a registry without TLS. Required.",
  },
  "registry.username": {
    type: registryUser,
    env: "REGISTRY_USERNAME",
    scope: "stack",
    description: "Registry user. Defaults to the credentials saved by `docker login`.",
  },
  "registry.password": {
    type: registryPassword,
    env: "REGISTRY_PASSWORD",
    scope: "stack",
    secret: true,
    description: "Password of the registry user.",
  },
  baseImage: {
    type: imageReference,
    scope: "stack",
    default: BASE_IMAGE,
    description: "Image with gitlab-runner to build the runner image from.",
  },
  nodeImage: {
    type: imageReference,
    scope: "stack",
    default: NODE_IMAGE,
    description: "Image to copy the Node.js binary from.",
  },
} as const satisfies Record<string, Setting>;
