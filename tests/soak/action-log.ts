import { formatElapsed } from "../../local/progress";
import type { Failure } from "./evidence";
import type { Action } from "./plan";

/** Tells and counts what is done, and keeps what failed: the soak goes on, as a pool must. */
export class ActionLog {
  readonly failures: Failure[] = [];
  readonly actions: Record<Action["kind"], number> = {
    scale: 0,
    update: 0,
    rotate: 0,
    kill: 0,
    fault: 0,
  };
  readonly begun = Date.now();

  /** @param say told a line for each action */
  constructor(private readonly say: (line: string) => void) {}

  /** Seconds since it began. */
  get seconds(): number {
    return Math.round((Date.now() - this.begun) / 1000);
  }

  /**
   * Does something, and says how it went.
   * @param kind the action that it counts as; undefined for what is none
   */
  async note(
    what: string,
    kind: Action["kind"] | undefined,
    work: () => Promise<unknown>,
  ): Promise<void> {
    const start = Date.now();
    const at = formatElapsed(start - this.begun).padStart(12);
    try {
      await work();
      if (kind !== undefined) this.actions[kind] += 1;
      this.say(`${at}  ${what} (${formatElapsed(Date.now() - start)})`);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.failures.push({ what, message });
      this.say(`${at}  ${what} FAILED: ${message}`);
    }
  }
}
