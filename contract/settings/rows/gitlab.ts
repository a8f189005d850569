import { gitlabUrl } from "../../gitlab-url";
import { TOKEN_KINDS } from "../../token";
import { runnerToken } from "../../values";
import { pem } from "../types/pem";
import { oneOf } from "../types/plain";
import { runnerScope } from "../types/runner-scope";
import type { Setting } from "../setting";

const MAX_CA_BYTES = 64 * 1024;
const MAX_PEM_BYTES = 16 * 1024;

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
  caCertificate: {
    topic: "GitLab",
    type: pem("certificates", MAX_CA_BYTES, "clientKey"),
    scope: "pool",
    input: true,
    certificateFile: "authorities",
    description:
      "CA that issued the certificate of GitLab, in PEM. Needed only if it is not a public CA. See [certificates](certificates.md).",
  },
  clientCertificate: {
    topic: "GitLab",
    type: pem("certificates", MAX_PEM_BYTES, "clientKey"),
    scope: "pool",
    input: true,
    certificateFile: "clientCertificate",
    description:
      "Certificate with which GitLab, or the proxy in front of it, accepts the replicas, in PEM.",
  },
  clientKey: {
    topic: "GitLab",
    type: pem("private key", MAX_PEM_BYTES, "clientCertificate"),
    scope: "pool",
    secret: true,
    input: true,
    certificateFile: "clientKey",
    description: "Private key of `clientCertificate`, in PEM.",
  },
} as const satisfies Record<string, Setting>;
