import type { Transport } from "../../gitlab-api/call";
import { connectGitlab, type GitlabCertificates } from "../../http/gitlab-transport";

/** Timeout for one response. */
const REQUEST_TIMEOUT_MS = 10_000;

/** Creates the transport of a tool to one GitLab. */
export function connect(
  env: Readonly<Record<string, string | undefined>>,
  certificates: GitlabCertificates = {},
): Transport {
  return connectGitlab(env, REQUEST_TIMEOUT_MS, certificates);
}
