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
    topic: "GitLab",
    type: gitlabUrl,
    env: "RUNNER_CI_URL",
    scope: "replica",
    required: true,
    input: true,
    toml: "runners.url",
    description: "Base URL of GitLab, which the replicas must be able to reach. Required.",
  },
  replicas: {
    topic: "Replicas and updates",
    type: integer(0, MAX_REPLICAS),
    scope: "pool",
    default: 2,
    input: true,
    description: `Number of replicas (0–${MAX_REPLICAS}).`,
  },
  token: {
    topic: "GitLab",
    type: runnerToken,
    env: "RUNNER_CI_TOKEN",
    scope: "replica",
    secret: true,
    input: true,
    description:
      "Runner authentication token (`glrt-…`) or legacy registration token. Set either `token` or `runnerScope`.",
  },
  tokenKind: {
    topic: "GitLab",
    type: oneOf(TOKEN_KINDS),
    scope: "replica",
    description: "Kind of `token`. Needed only if its prefix does not show it.",
  },
  runnerScope: {
    topic: "GitLab",
    type: runnerScope,
    env: "RUNNER_SCOPE",
    scope: "pool",
    description:
      "Where the pool creates its runner in GitLab. Requires `GITLAB_TOKEN` in the environment. Set either `runnerScope` or `token`.",
  },
  runnerName: {
    topic: "The runner in GitLab",
    type: runnerName,
    env: "RUNNER_NAME",
    scope: "replica",
    default: "gitlab-runner-",
    description:
      "Prefix of the runner's description in GitLab. With `runnerScope`, the pool appends the name of the stack (and of an additional pool). With a registration token, each replica appends its slot.",
  },
  jobImage: {
    topic: "Jobs",
    type: imageReference,
    env: "RUNNER_IMAGE",
    scope: "replica",
    default: "ubuntu:24.04",
    input: true,
    toml: "runners.docker.image",
    description:
      "Image of jobs that do not specify one. (The replicas' own image is built on `baseImage`.)",
  },
  tags: {
    topic: "The runner in GitLab",
    type: tags,
    scope: "replica",
    default: "docker,linux",
    newRunnerOnly: "ignored",
    description: "Tags of the runner.",
  },
  runUntagged: {
    topic: "The runner in GitLab",
    type: boolean,
    scope: "replica",
    default: true,
    newRunnerOnly: "rejected",
    description: "Run untagged jobs.",
  },
  locked: {
    topic: "The runner in GitLab",
    type: boolean,
    scope: "replica",
    default: false,
    newRunnerOnly: "rejected",
    description: "Lock the runner to its projects.",
  },
  protected: {
    topic: "The runner in GitLab",
    type: boolean,
    scope: "replica",
    default: false,
    newRunnerOnly: "rejected",
    description: "Run jobs from protected branches and tags only.",
  },
  maximumTimeout: {
    topic: "The runner in GitLab",
    type: duration(MIN_MAXIMUM_TIMEOUT_SECONDS, 365 * DAY_SECONDS),
    scope: "replica",
    newRunnerOnly: "rejected",
    description: "Maximum duration of a job, at least `10m`. Default: no limit.",
  },
  concurrent: {
    topic: "Replicas and updates",
    type: integer(1, MAX_CONCURRENT),
    scope: "replica",
    default: 1,
    toml: "concurrent",
    description: `Maximum number of concurrent jobs per replica (1–${MAX_CONCURRENT}).`,
  },
  drainTimeout: {
    topic: "Replicas and updates",
    type: duration(0, MAX_DRAIN_TIMEOUT_SECONDS),
    scope: "replica",
    default: "1h",
    description:
      "How long a stopping replica may take to finish its jobs; then it aborts them. A change replaces all replicas; the old ones drain with the old value.",
  },
  onlineTimeout: {
    topic: "Replicas and updates",
    type: duration(0, DAY_SECONDS),
    scope: "pool",
    default: "2m",
    description:
      "How long `pulumi up` waits for every replica to come online. `0s` disables the wait and the checks for changes made outside Pulumi.",
  },
  executor: {
    topic: "Jobs",
    type: oneOf(EXECUTORS),
    scope: "replica",
    default: "docker",
    toml: "runners.executor",
    description:
      "`docker` runs each job in its own container. `shell` runs jobs inside the replica.",
  },
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
  network: {
    topic: "Network",
    type: network,
    scope: "pool",
    input: true,
    description:
      "Name of an existing attachable overlay network, or an object with `subnet` (CIDR) and `encrypted` for a network that the pool creates. Default: the pool creates a network, and Docker chooses its subnet.",
  },
  "registry.address": {
    topic: "Image and registry",
    type: registryAddress,
    env: "REGISTRY_ADDRESS",
    scope: "stack",
    required: true,
    description:
      "Registry for the runner image: `HOST[:PORT][/PATH]`. Add `http://` in front if the registry does not use TLS. Required.",
  },
  "registry.username": {
    topic: "Image and registry",
    type: registryUser,
    env: "REGISTRY_USERNAME",
    scope: "stack",
    description: "User for the registry. Default: the login saved by `docker login`.",
  },
  "registry.password": {
    topic: "Image and registry",
    type: registryPassword,
    env: "REGISTRY_PASSWORD",
    scope: "stack",
    secret: true,
    description: "Password of `registry.username`.",
  },
  baseImage: {
    topic: "Image and registry",
    type: imageReference,
    scope: "stack",
    default: BASE_IMAGE,
    description: "Image that contains gitlab-runner. The runner image is built on it.",
  },
  nodeImage: {
    topic: "Image and registry",
    type: imageReference,
    scope: "stack",
    default: NODE_IMAGE,
    description:
      "Image that provides the Node.js binary for the runner image. It must be based on glibc.",
  },
} as const satisfies Record<string, Setting>;
