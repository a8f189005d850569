import type { Gitlab } from "../fake-gitlab";
import { readObservation, type Observation } from "./evidence";

/** How long one request for events may wait for the next event. */
const WAIT_MS = 250;

/**
 * Collects GitLab's observations of a pool's replicas, from the first event on. `note` adds those
 * from Docker.
 */
export class Watch implements AsyncDisposable {
  private readonly seen: Observation[] = [];
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
        const observation = readObservation(event);
        if (observation !== undefined) this.seen.push(observation);
      }
    }
  }

  /** Adds an observation from another source than GitLab. */
  note(observation: Observation): void {
    this.seen.push(observation);
  }

  /** All observations in chronological order. */
  get observations(): readonly Observation[] {
    return [...this.seen].sort((a, b) => a.at - b.at);
  }

  /** Whether a replica that started after `since` (epoch milliseconds) accepts jobs. */
  accepts(systemId: string, since: number): boolean {
    const verified = this.observations.findIndex(
      (observation) =>
        observation.systemId === systemId &&
        observation.kind === "verified" &&
        observation.at >= since,
    );
    return (
      verified >= 0 &&
      this.observations
        .slice(verified)
        .some((observation) => observation.systemId === systemId && observation.kind === "polled")
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.ended = true;
    await this.watching;
  }
}
