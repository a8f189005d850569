import type { Gitlab } from "../../local/gitlab";
import { signOf, type Sign } from "./evidence";

/** Longest time that a look waits for something to happen (ms). */
const WAIT_MS = 250;

/** Collects what GitLab sees of a pool's replicas, from the first event on, and takes in what Docker sees. */
export class Watch implements AsyncDisposable {
  private readonly seen: Sign[] = [];
  private ended = false;
  private readonly watching: Promise<void>;

  constructor(private readonly gitlab: Pick<Gitlab, "events">) {
    this.watching = this.watch();
  }

  private async watch(): Promise<void> {
    let after = 0;
    while (!this.ended) {
      const { events, last } = await this.gitlab.events({ after, waitMs: WAIT_MS });
      after = last;
      for (const event of events) {
        const sign = signOf(event);
        if (sign !== undefined) this.seen.push(sign);
      }
    }
  }

  /** Takes in a sign that is not GitLab's. */
  note(sign: Sign): void {
    this.seen.push(sign);
  }

  /** All signs in the order of time. */
  get signs(): readonly Sign[] {
    return [...this.seen].sort((a, b) => a.at - b.at);
  }

  /** Whether a replica that began after a moment (epoch ms) accepts jobs. */
  accepts(systemId: string, since: number): boolean {
    const verified = this.signs.findIndex(
      (sign) => sign.systemId === systemId && sign.kind === "verified" && sign.at >= since,
    );
    return (
      verified >= 0 &&
      this.signs.slice(verified).some((sign) => sign.systemId === systemId && sign.kind === "asked")
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.ended = true;
    await this.watching;
  }
}
