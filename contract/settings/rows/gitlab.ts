import { gitlabUrl } from "../../gitlab-url";
import { TOKEN_KINDS } from "../../token";
import { runnerToken } from "../../values";
import { oneOf } from "../types/plain";
import { runnerScope } from "../types/runner-scope";
import type { Setting } from "../setting";

/** How to reach GitLab, and how the pool authenticates. */
export const GITLAB_ROWS = {
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
} as const satisfies Record<string, Setting>;
