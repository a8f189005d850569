import type { ApiResult, Gitlab } from "../gitlab/client";
import { requireRunner } from "../gitlab/registered-runner";
import { isUnknownToken } from "../gitlab/removal";
import type { StateFile } from "../system/state-file";
import { classify } from "../gitlab/retry";

/** Whether GitLab accepts a replica, by GitLab's own responses. */
export type Standing =
  /** GitLab accepts the token, and it is GitLab that answers the job requests. */
  | { readonly kind: "accepted" }
  /** @param isGone GitLab does not know the token: the runner was deleted or has a new token */
  | { readonly kind: "refused"; readonly message: string; readonly isGone: boolean }
  /** GitLab is unreachable, or something in between answers instead. */
  | { readonly kind: "no response"; readonly message: string };

/** Longest wait for each response. */
const RESPONSE_TIMEOUT_MS = 20_000;

/**
 * Asks GitLab about a replica whose job requests fail. gitlab-runner exposes only their status,
 * which may come from a firewall. This presents the token again and then sends a job request
 * without a token. That request cannot return a job, and its response shows whether GitLab answers
 * it.
 */
export async function checkStanding(
  gitlab: Gitlab,
  { token, systemId }: Pick<StateFile, "token" | "systemId">,
): Promise<Standing> {
  const body = { token, system_id: systemId };
  const request = { method: "POST", timeoutMs: RESPONSE_TIMEOUT_MS } as const;
  const verified = requireRunner(await gitlab({ ...request, path: "/runners/verify", body }), 200);
  switch (classify(verified, [200])) {
    case "refused":
      return { kind: "refused", message: verified.message, isGone: isUnknownToken(verified) };
    case "again":
      return { kind: "no response", message: verified.message };
    case "done": {
      const jobs = await gitlab({ ...request, path: "/jobs/request", body: {} });
      return isRejection(jobs)
        ? { kind: "accepted" }
        : { kind: "no response", message: `job requests: ${jobs.message}` };
    }
  }
}

/** Whether GitLab itself rejects a request because it has no token. */
function isRejection(result: ApiResult): boolean {
  return result.kind === "status" && classify(result, []) === "refused" && result.status >= 400;
}
