import { isQuoted } from "./lists";
import { hasUnexpandedVariable } from "./likely-mistakes";
import type { SettingType } from "./settings/type";
import { checkedString, matchingString } from "./settings/types/string";
import { checkToken } from "./token";

/** Most replicas a pool may have. A typing error such as 40000 must not fill a swarm. */
export const MAX_REPLICAS = 1000;

/** Jobs one replica may run at once, at most. */
export const MAX_CONCURRENT = 1000;

/** GitLab takes no shorter `maximum_timeout`. */
export const MIN_MAXIMUM_TIMEOUT_SECONDS = 600;

/** Longest drain: a week. */
export const MAX_DRAIN_TIMEOUT_SECONDS = 7 * 86_400;

/** Longest description of a runner that GitLab takes, and what a slot may take of it. */
const MAX_DESCRIPTION = 1024;
const SLOT_LENGTH = 24;

const NAME = new RegExp(`^[^\\p{C}\\p{Zl}\\p{Zp}]{1,${MAX_DESCRIPTION - SLOT_LENGTH}}$`, "u");

/**
 * First part of a runner's description; the slot is added behind it. Any blanks and quotes in it
 * stay.
 */
export const runnerName: SettingType<string> = {
  ...checkedString("text", (text) => {
    if (!NAME.test(text)) return "must be 1 to 1000 printable characters";
    return isQuoted(text) || hasUnexpandedVariable(text) ? "must be the name itself" : undefined;
  }),
  keepsWhitespace: true,
};

/** A runner's token, or a registration token. */
export const runnerToken = checkedString("text", checkToken);

/** User of a registry. */
export const registryUser = matchingString(
  "text",
  /^[\x20-\x7e]{1,255}$/,
  "must be 1 to 255 printable characters",
);

/** How jobs run in a replica. */
export const EXECUTORS = ["docker", "shell"] as const;

export type Executor = (typeof EXECUTORS)[number];

/** Whether a replica with that executor runs jobs through the Docker engine of its node. */
export function usesEngine(executor: Executor): boolean {
  switch (executor) {
    case "docker":
      return true;
    case "shell":
      return false;
  }
}

/** When the docker executor pulls an image. */
export const PULL_POLICIES = ["always", "if-not-present", "never"] as const;

export type PullPolicy = (typeof PULL_POLICIES)[number];
