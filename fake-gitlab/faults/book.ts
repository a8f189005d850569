import { digestToken } from "../state/tokens";
import type { Identity } from "../api/identity";
import { seededRandom } from "./random";
import type { Fault } from "./schema";

/** An active fault. */
export interface ActiveFault {
  readonly id: number;
  readonly fault: Fault;
  /** Number of requests caught so far. */
  readonly caught: number;
}

/** The properties of a request that faults match. */
export interface Target extends Identity {
  /** The pattern (`PUT /jobs/:id`) and the actual request (`PUT /jobs/12`). */
  readonly endpoints: readonly string[];
  readonly tokenDigests: readonly string[];
  /** Known after the request has been handled. */
  readonly status?: number;
}

interface Entry {
  readonly id: number;
  readonly fault: Fault;
  readonly random: () => number;
  readonly ended: AbortController;
  caught: number;
}

/** The active faults, in the order of their addition. */
export class FaultBook {
  private readonly entries = new Map<number, Entry>();
  private lastId = 0;

  /** @returns the fault's ID, for `clear` */
  add(fault: Fault): number {
    this.lastId += 1;
    const random = seededRandom(fault.seed ?? 1);
    const entry = { id: this.lastId, fault, random, caught: 0, ended: new AbortController() };
    this.entries.set(entry.id, entry);
    return entry.id;
  }

  /** Removes one fault or all. Requests that hang in them continue. */
  clear(id?: number): void {
    for (const entry of [...this.entries.values()]) {
      if (id !== undefined && entry.id !== id) continue;
      this.entries.delete(entry.id);
      entry.ended.abort();
    }
  }

  list(): readonly ActiveFault[] {
    return [...this.entries.values()].map(({ id, fault, caught }) => ({
      id,
      fault: fault.token === undefined ? fault : { ...fault, token: "[hidden]" },
      caught,
    }));
  }

  /**
   * Returns the first fault that matches the request, and counts the request as caught.
   * @param phase before or after GitLab handles the request
   */
  catch(
    target: Target,
    phase: "before" | "after",
  ): { id: number; fault: Fault; ended: AbortSignal } | undefined {
    for (const entry of this.entries.values()) {
      if (!matches(entry.fault, target, phase) || spent(entry)) continue;
      if (entry.random() >= (entry.fault.probability ?? 1)) continue;
      entry.caught += 1;
      return { id: entry.id, fault: entry.fault, ended: entry.ended.signal };
    }
    return undefined;
  }
}

function spent({ fault, caught }: Entry): boolean {
  return fault.times !== undefined && caught >= fault.times;
}

function matches(fault: Fault, target: Target, phase: "before" | "after"): boolean {
  const { kind } = fault.action;
  const isAfter = kind === "hold answer" || kind === "drop answer";
  const pattern = fault.endpoint === undefined ? undefined : glob(fault.endpoint);
  return (
    isAfter === (phase === "after") &&
    (pattern === undefined || target.endpoints.some((endpoint) => pattern.test(endpoint))) &&
    same(fault.runnerId, target.runnerId) &&
    same(fault.systemId, target.systemId) &&
    same(fault.jobId, target.jobId) &&
    (fault.token === undefined || target.tokenDigests.includes(digestToken(fault.token))) &&
    (!isAfter || same(fault.onlyStatus, target.status))
  );
}

function same<T>(wanted: T | undefined, actual: T | null | undefined): boolean {
  return wanted === undefined || wanted === actual;
}

function glob(pattern: string): RegExp {
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}
