import * as z from "zod/mini";
import { REPLICA_ENV } from "../../contract/replica-env";
import { isTokenText, TOKEN_KINDS } from "../../contract/token";
import {
  EXECUTORS,
  gitlabUrl,
  imageReference,
  MAX_CONCURRENT,
  MAX_DRAIN_TIMEOUT,
  MAX_REPLICAS,
  MIN_MAXIMUM_TIMEOUT,
  PULL_POLICIES,
  runnerName,
} from "../../contract/values";
import { boolean, durationText, integer, list, oneOf, tagList, text, type Parser } from "./parsers";
import { network } from "./network-setting";
import { registryAddress } from "./registry-address";
import { runnerScope } from "./runner-scope";

const DAY = 86_400;

/** How one setting is written, where it may stand and what it is for. */
export interface Definition<T = unknown> {
  /** Environment variable that wins over the stack config. */
  readonly env: string;
  /** What kind of value it is, for the documentation. */
  readonly kind: string;
  /** Used when nobody sets it, in the form in which a person would. */
  readonly default?: string | number | boolean;
  readonly description: string;
  /** Its value is shown nowhere. */
  readonly secret?: true;
  /** It holds for the whole stack: no pool of `pools` can override it. */
  readonly stackWide?: true;
  readonly parser: Parser<T>;
}

const printable = (max: number) =>
  z
    .string()
    .check(
      z.regex(new RegExp(`^[\\x20-\\x7e]{1,${max}}$`), `must be 1 to ${max} printable characters`),
    );

/**
 * Every setting by its config key; a dot leads into an object (`docker.privileged`). This table is what the parser,
 * the documentation and Pulumi.yaml are made from or tested against.
 */
export const SETTINGS = {
  gitlabUrl: {
    env: REPLICA_ENV.gitlabUrl,
    kind: "URL",
    description: "GitLab's base URL, as the replicas reach it. Required.",
    parser: text(gitlabUrl),
  },
  replicas: {
    env: "RUNNER_REPLICAS",
    kind: "whole number",
    default: 2,
    description: `Runners in the pool, 0 to ${MAX_REPLICAS}.`,
    parser: integer(0, MAX_REPLICAS),
  },
  token: {
    env: REPLICA_ENV.token,
    kind: "text",
    description:
      "Runner authentication token (`glrt-…`) or legacy registration token. Either this or `runnerScope` is required.",
    secret: true,
    parser: text(
      z.string().check(
        z.refine(isTokenText, {
          error: "must be 8 to 255 characters without blanks and quotes around it",
        }),
      ),
    ),
  },
  tokenKind: {
    env: REPLICA_ENV.tokenKind,
    kind: TOKEN_KINDS.map((kind) => `\`${kind}\``).join(" or "),
    description: "What `token` is, for a token whose prefix does not tell.",
    parser: oneOf(TOKEN_KINDS),
  },
  runnerScope: {
    env: "RUNNER_SCOPE",
    kind: "`instance`, `group:ID` or `project:ID`",
    description:
      "Create the runner in GitLab, there; needs GITLAB_TOKEN in the environment. Excludes `token`.",
    parser: runnerScope,
  },
  runnerName: {
    env: REPLICA_ENV.runnerName,
    kind: "text",
    default: "gitlab-runner-",
    description: "First part of the runner's description; each replica adds its slot.",
    parser: text(runnerName),
  },
  jobImage: {
    env: REPLICA_ENV.jobImage,
    kind: "image",
    default: "ubuntu:24.04",
    description: "Image of jobs that name none.",
    parser: text(imageReference),
  },
  tags: {
    env: REPLICA_ENV.tags,
    kind: "list",
    default: "docker,linux",
    description:
      "Tags of the runner, separated by commas. With a supplied authentication token GitLab holds them and this is not used.",
    parser: tagList,
  },
  runUntagged: {
    env: REPLICA_ENV.runUntagged,
    kind: "boolean",
    default: true,
    description: "Take jobs without tags. Held by GitLab for a supplied authentication token.",
    parser: boolean,
  },
  locked: {
    env: REPLICA_ENV.locked,
    kind: "boolean",
    default: false,
    description:
      "Lock the runner to its projects. Held by GitLab for a supplied authentication token.",
    parser: boolean,
  },
  protected: {
    env: REPLICA_ENV.protected,
    kind: "boolean",
    default: false,
    description:
      "Take jobs of protected branches and tags only. Held by GitLab for a supplied authentication token.",
    parser: boolean,
  },
  maximumTimeout: {
    env: REPLICA_ENV.maximumTimeout,
    kind: "duration",
    description:
      "Longest job, at least 10m; none by default. Held by GitLab for a supplied authentication token.",
    parser: durationText(MIN_MAXIMUM_TIMEOUT, 365 * DAY),
  },
  concurrent: {
    env: REPLICA_ENV.concurrent,
    kind: "whole number",
    default: 1,
    description: "Jobs that one replica runs at once.",
    parser: integer(1, MAX_CONCURRENT),
  },
  drainTimeout: {
    env: REPLICA_ENV.drainTimeout,
    kind: "duration",
    default: "1h",
    description:
      "How long a replica that is told to stop may finish its jobs; a replica keeps the value it was started with.",
    parser: durationText(0, MAX_DRAIN_TIMEOUT),
  },
  onlineTimeout: {
    env: "RUNNER_ONLINE_TIMEOUT",
    kind: "duration",
    default: "2m",
    description:
      "How long `pulumi up` waits until every replica is online; `0s` does not wait at all.",
    parser: durationText(0, DAY),
  },
  executor: {
    env: REPLICA_ENV.executor,
    kind: EXECUTORS.map((word) => `\`${word}\``).join(" or "),
    default: "docker",
    description: "Where jobs run: each in a container of its own, or in the replica itself.",
    parser: oneOf(EXECUTORS),
  },
  "docker.privileged": {
    env: REPLICA_ENV.dockerPrivileged,
    kind: "boolean",
    default: false,
    description: "Run job containers privileged.",
    parser: boolean,
  },
  "docker.volumes": {
    env: REPLICA_ENV.dockerVolumes,
    kind: "list",
    default: "/cache",
    description: "Volumes of job containers, as `PATH` or `SOURCE:PATH[:MODE]`.",
    parser: list,
  },
  "docker.pullPolicy": {
    env: REPLICA_ENV.dockerPullPolicy,
    kind: PULL_POLICIES.map((word) => `\`${word}\``).join(", "),
    default: "always",
    description: "When the image of a job is pulled.",
    parser: oneOf(PULL_POLICIES),
  },
  "docker.allowedImages": {
    env: REPLICA_ENV.dockerAllowedImages,
    kind: "list",
    description: "Patterns of images that jobs may use; any by default.",
    parser: list,
  },
  "docker.helperImage": {
    env: REPLICA_ENV.dockerHelperImage,
    kind: "image",
    description: "Image that clones and handles artifacts; gitlab-runner's own by default.",
    parser: text(imageReference),
  },
  "docker.networkMode": {
    env: REPLICA_ENV.dockerNetworkMode,
    kind: "text",
    description: "Network of job containers, by name or as `host`; Docker's default otherwise.",
    parser: text(printable(64)),
  },
  network: {
    env: "RUNNER_NETWORK",
    kind: "text or object",
    description:
      "Name of an existing attachable overlay network. Otherwise one is created, with the settings `subnet` (CIDR) and `encrypted` of an object.",
    parser: network,
  },
  "registry.address": {
    env: "REGISTRY_ADDRESS",
    kind: "text",
    description:
      "Where the image is pushed and pulled: `HOST[:PORT][/PATH]`; `http://` in front for a registry without TLS. Required.",
    stackWide: true,
    parser: registryAddress,
  },
  "registry.username": {
    env: "REGISTRY_USERNAME",
    kind: "text",
    description: "User of the registry. Without one, `docker login` of this machine counts.",
    stackWide: true,
    parser: text(printable(255)),
  },
  "registry.password": {
    env: "REGISTRY_PASSWORD",
    kind: "text",
    description: "Password of that user.",
    secret: true,
    stackWide: true,
    parser: text(z.string().check(z.minLength(1, "must not be empty"))),
  },
  baseImage: {
    env: "RUNNER_BASE_IMAGE",
    kind: "image",
    default: "gitlab/gitlab-runner:v19.4.0",
    description: "Image with gitlab-runner, from which the runner image is derived.",
    stackWide: true,
    parser: text(imageReference),
  },
  nodeImage: {
    env: "RUNNER_NODE_IMAGE",
    kind: "image",
    default: "node:24.21.0-bookworm-slim",
    description: "Image that the Node binary of the runner image is copied from.",
    stackWide: true,
    parser: text(imageReference),
  },
} as const satisfies Record<string, Definition>;

export type SettingKey = keyof typeof SETTINGS;

/** The value of a setting once it is parsed. */
export type SettingValue<K extends SettingKey> =
  (typeof SETTINGS)[K]["parser"] extends Parser<infer T> ? T : never;

/** Parsed values by key; a setting that nobody set and that has no default is undefined. */
export type SettingValues = { readonly [K in SettingKey]?: SettingValue<K> | undefined };

/** A definition by its key, with the properties that only some definitions have. */
export function definitionOf(key: SettingKey): Definition {
  return SETTINGS[key];
}

/** All keys, in the order of the documentation. */
export const SETTING_KEYS = Object.keys(SETTINGS) as readonly SettingKey[];
