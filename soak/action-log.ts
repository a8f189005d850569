import { formatElapsed } from "../dev/progress";
import type { Failure } from "./evidence";
import type { Action } from "./plan";

/**
 * Prints and counts the actions and records which ones failed. A failure does not end the soak: a
 * pool must survive it, too.
 */
export class ActionLog {
  readonly failures: Failure[] = [];
  readonly actions: Record<Action["kind"], number> = {
    scale: 0,
    update: 0,
    rotate: 0,
    kill: 0,
    fault: 0,
  };
  readonly startedAt = Date.now();

  /** @param print receives one line per action */
  constructor(private readonly print: (line: string) => void) {}

  /** Seconds since the log was created. */
  get seconds(): number {
    return Math.round((Date.now() - this.startedAt) / 1000);
  }

  /**
   * Runs `work` and prints the result.
   * @param kind the action to count it as; undefined if it is not an action
   */
  async record(
    what: string,
    kind: Action["kind"] | undefined,
    work: () => Promise<unknown>,
  ): Promise<void> {
    const start = Date.now();
    const at = formatElapsed(start - this.startedAt).padStart(12);
    try {
      await work();
      if (kind !== undefined) this.actions[kind] += 1;
      this.print(`${at}  ${what} (${formatElapsed(Date.now() - start)})`);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.failures.push({ what, message });
      this.print(`${at}  ${what} FAILED: ${message}`);
    }
  }
}
