import type { JobStatus } from "./job";

/** A request that was answered, or that a fault left unanswered (`status` null). */
export interface RequestEvent {
  readonly kind: "request";
  /**
   * Method and GitLab's own pattern below /api/v4, such as `DELETE /runners/managers` or `PUT
   * /jobs/:id`.
   */
  readonly endpoint: string;
  readonly url: string;
  readonly status: number | null;
  readonly runnerId: number | null;
  readonly systemId: string | null;
  readonly jobId: number | null;
  readonly durationMs: number;
  /** The fault that answered, delayed or interrupted the request. */
  readonly faultId: number | null;
}

/**
 * A request that is being held: a long poll, a fault, or the delayed response that assigns a job.
 */
export interface HeldEvent {
  readonly kind: "held";
  readonly why: "long poll" | "fault" | "assigned job";
  readonly endpoint: string;
  readonly runnerId: number | null;
  readonly systemId: string | null;
  readonly jobId: number | null;
}

/** A job that was created (`from` null) or changed its state. */
export interface JobEvent {
  readonly kind: "job";
  readonly jobId: number;
  readonly name: string;
  readonly from: JobStatus | null;
  readonly to: JobStatus;
  readonly failureReason: string | null;
  readonly runnerId: number | null;
  readonly systemId: string | null;
}

export interface ManagerEvent {
  readonly kind: "manager";
  readonly change: "created" | "removed";
  readonly managerId: number;
  readonly runnerId: number;
  readonly systemId: string;
}

export interface RunnerEvent {
  readonly kind: "runner";
  readonly change: "created" | "removed" | "edited" | "token reset";
  readonly runnerId: number;
}

export type EventBody = RequestEvent | HeldEvent | JobEvent | ManagerEvent | RunnerEvent;

/** An entry of the event log. */
export type GitlabEvent = EventBody & {
  /** Counts from 1 without gaps. */
  readonly seq: number;
  /** Time by the machine's clock, in epoch milliseconds. */
  readonly at: number;
};

const CAPACITY = 100_000;

/** All events, oldest first. Beyond 100 000 entries, the oldest ones are dropped. */
export class EventLog {
  private readonly entries: GitlabEvent[] = [];
  private readonly listeners = new Set<(event: GitlabEvent) => void>();
  private seq = 0;

  constructor(private readonly wall: () => number) {}

  /** Number of the newest event; 0 if there is none. */
  get last(): number {
    return this.seq;
  }

  add(body: EventBody): void {
    this.seq += 1;
    const event: GitlabEvent = { ...body, seq: this.seq, at: this.wall() };
    this.entries.push(event);
    if (this.entries.length > CAPACITY) this.entries.splice(0, CAPACITY / 10);
    for (const listener of this.listeners) listener(event);
  }

  /** Returns the events after number `seq`. */
  after(seq: number): readonly GitlabEvent[] {
    const oldest = this.entries[0]?.seq ?? 1;
    return this.entries.slice(Math.max(0, seq + 1 - oldest));
  }

  /**
   * Calls `listener` for each new event.
   * @returns a function that stops this
   */
  listen(listener: (event: GitlabEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
