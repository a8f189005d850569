import { isQuoted } from "./lists";
import { hasUnexpandedVariable } from "./likely-mistakes";
import type { SettingType } from "./settings/type";
import { checkedString } from "./settings/types/string";
import { checkToken } from "./token";

/** The maximum number of replicas of a pool, so that a typo such as 40000 cannot fill a swarm. */
export const MAX_REPLICAS = 1000;

/** The maximum number of concurrent jobs of a replica. */
export const MAX_CONCURRENT = 1000;

/** gitlab-runner's default time between two job requests. */
export const DEFAULT_CHECK_INTERVAL_SECONDS = 3;

/** The shortest `maximum_timeout` that GitLab accepts. */
export const MIN_MAXIMUM_TIMEOUT_SECONDS = 600;

/** The longest drain timeout: a week. */
export const MAX_DRAIN_TIMEOUT_SECONDS = 7 * 86_400;

/** GitLab's limit for the length of a runner's description, and how much a slot may use of it. */
const MAX_DESCRIPTION = 1024;
const SLOT_LENGTH = 24;

const NAME = new RegExp(`^[^\\p{C}\\p{Zl}\\p{Zp}]{1,${MAX_DESCRIPTION - SLOT_LENGTH}}$`, "u");

/** The prefix of a runner's description, to which the slot is appended. */
export const runnerName: SettingType<string> = {
  ...checkedString("string", (text) => {
    if (!NAME.test(text)) return "must be 1 to 1000 printable characters";
    return isQuoted(text) || hasUnexpandedVariable(text) ? "must be the name itself" : undefined;
  }),
  keepsWhitespace: true,
};

/** A runner's token, or a registration token. */
export const runnerToken = checkedString("string", checkToken);

/** A registry user. */
export const registryUser: SettingType<string> = {
  ...checkedString("string", (text) => {
    if (text.includes(":")) {
      return "must not contain a colon, because a registry takes what follows for the password";
    }
    return /^[\x20-\x7e]{1,255}$/.test(text)
      ? undefined
      : "must be 1 to 255 printable ASCII characters";
  }),
  // What follows a colon may be a password.
  isShown: (text) => !text.includes(":"),
};

/** How jobs run in a replica. */
export const EXECUTORS = ["docker", "shell"] as const;

export type Executor = (typeof EXECUTORS)[number];

/** How Swarm distributes the replicas of a pool: a fixed number of them, or one on each node. */
export const POOL_MODES = ["replicated", "global"] as const;

/** When the docker executor pulls an image. */
export const PULL_POLICIES = ["always", "if-not-present", "never"] as const;

export type PullPolicy = (typeof PULL_POLICIES)[number];
