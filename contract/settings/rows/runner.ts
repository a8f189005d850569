import { DAY_SECONDS, duration } from "../../duration";
import { tags } from "../../lists";
import { MIN_MAXIMUM_TIMEOUT_SECONDS, runnerName } from "../../values";
import { boolean } from "../types/plain";
import type { Setting } from "../setting";

/** The runner in GitLab. */
export const RUNNER_ROWS = {
  runnerName: {
    topic: "The runner in GitLab",
    type: runnerName,
    env: "RUNNER_NAME",
    scope: "replica",
    default: "gitlab-runner-",
    description:
      "Prefix of the runner's description in GitLab. With `runnerScope`, the pool appends the name of the stack (and of an additional pool). With a registration token, each replica appends its slot, or the host name of its node with `mode: global`.",
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
} as const satisfies Record<string, Setting>;
