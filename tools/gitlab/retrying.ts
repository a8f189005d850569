import { setTimeout as sleep } from "node:timers/promises";
import { GitlabError } from "./errors";

const FIRST_WAIT = 250;
const LONGEST_WAIT = 10_000;

/**
 * Repeats an action that fails because of a temporary error of GitLab, with growing waits, or after what GitLab asks for.
 * @param deadline milliseconds after which no other attempt begins
 * @throws the last error; GitLab's wish to wait beyond the deadline ends it at once
 */
export async function retrying<T>(deadline: number, action: () => Promise<T>): Promise<T> {
  const end = Date.now() + deadline;
  for (let wait = FIRST_WAIT; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof GitlabError) || !error.temporary) throw error;
      // Half of it at random: jobs of one pipeline must not come back all at once.
      const pause = error.retryAfter ?? wait / 2 + (Math.random() * wait) / 2;
      if (Date.now() + pause > end) throw error;
      await sleep(pause);
    }
  }
}
