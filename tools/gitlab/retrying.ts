import { setTimeout as sleep } from "node:timers/promises";
import { backOffMs } from "../../gitlab-api/retry-policy";
import { GitlabError } from "./errors";

const BACK_OFF = { firstMs: 250, longestMs: 10_000 };

/**
 * Retries an action that fails with a temporary GitLab error, with growing delays or after the
 * delay that GitLab asks for.
 * @param deadlineMs no attempt starts after this time
 * @throws the last error, at once if GitLab asks to wait beyond the deadline
 */
export async function retrying<T>(deadlineMs: number, action: () => Promise<T>): Promise<T> {
  const endMs = Date.now() + deadlineMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof GitlabError) || !error.temporary) throw error;
      const pauseMs = backOffMs(BACK_OFF, attempt, error.retryAfterMs, Math.random());
      if (Date.now() + pauseMs > endMs) throw error;
      await sleep(pauseMs);
    }
  }
}
