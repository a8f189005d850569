import { randomBytes } from "node:crypto";
import * as z from "zod/mini";
import { GitlabClient, type GitlabAccess } from "../../gitlab/client";
import { GitlabError, isGitlabStatus } from "../../gitlab/errors";
import { retrying } from "../../gitlab/retrying";
import type { Verdict } from "../verdict";

/** How long temporary errors of GitLab are retried. */
const RETRY_MS = 15_000;

/**
 * Checks a runner's authentication token without leaving a trace in GitLab. `POST /runners/verify`
 * would create a runner manager. Deleting a manager that cannot exist changes nothing, and GitLab
 * checks the token first: it answers 404 if it accepts the token and 403 if not.
 */
export async function checkRunnerToken({
  apiUrl,
  token,
  setting,
  transport,
}: GitlabAccess & {
  readonly token: string;
  /** Names the token in messages, with backticks. */
  readonly setting: string;
}): Promise<Verdict> {
  const client = new GitlabClient({ apiUrl, token: undefined, transport });
  // gitlab-runner's own system IDs begin with `r_` or `s_`.
  const body = { token, system_id: `doctor-${randomBytes(12).toString("hex")}` };
  try {
    await retrying(RETRY_MS, () =>
      client.call("/runners/managers", z.unknown(), { method: "DELETE", body }),
    );
  } catch (error) {
    if (!(error instanceof GitlabError)) throw error;
    if (isGitlabStatus(error, 404)) return readNotFound(error, setting);
    if (isGitlabStatus(error, 403)) return describeRejection(setting);
    return {
      kind: "failed",
      text: `the token cannot be checked (${error.message}): run the command again when GitLab accepts requests`,
    };
  }
  return {
    kind: "warned",
    text: "the token cannot be checked: GitLab answered unexpectedly to a request that deletes nothing",
  };
}

function describeRejection(setting: string): Verdict {
  return {
    kind: "failed",
    text: `GitLab rejects ${setting} (it is incomplete or of another GitLab, it expired or was reset, or its runner was deleted): compare it with the token that you were given, or reset the token on the runner's page in GitLab, or create a runner, and set ${setting} to the new token`,
  };
}

/** An old GitLab does not know the request. A new one knows it, but not the manager. */
function readNotFound({ message }: GitlabError, setting: string): Verdict {
  return /manager not found/i.test(message)
    ? { kind: "passed", text: `GitLab accepts ${setting}` }
    : {
        kind: "skipped",
        text: "this GitLab can check a token only by creating a runner manager",
      };
}
