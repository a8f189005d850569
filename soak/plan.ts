import type { Fault, FaultAction } from "../fake-gitlab";
import { seededRandom } from "../fake-gitlab/faults/random";
import { KILL_TARGETS, type KillTarget } from "../tests/support/kill-target";

/** What an update changes. */
export const UPDATES = ["image", "concurrent", "runnerName"] as const;

/** One disturbance of a pool. */
export type Action =
  | { readonly kind: "scale"; readonly replicas: number }
  | { readonly kind: "update"; readonly what: (typeof UPDATES)[number] }
  /** Rotates to the token of a new runner. `deleteOld` deletes the old one while replicas drain. */
  | { readonly kind: "rotate"; readonly deleteOld: boolean }
  /** `pick` selects the replica: a number from 0 up to, but not including, 1. */
  | { readonly kind: "kill"; readonly target: KillTarget; readonly pick: number }
  /** GitLab misbehaves for some seconds while the next actions run. */
  | { readonly kind: "fault"; readonly fault: Fault; readonly seconds: number };

export interface Step {
  readonly action: Action;
  /** Seconds until the next action. */
  readonly pause: number;
}

/**
 * How often each kind occurs. The plan draws a whole bag in random order before it starts the next
 * bag.
 */
const BAG: readonly Action["kind"][] = [
  "scale",
  "fault",
  "update",
  "fault",
  "kill",
  "fault",
  "rotate",
  "scale",
];

/** The number of replicas that a soak starts with, and the numbers that it scales to. */
export const FIRST_REPLICAS = 2;
const REPLICAS: readonly number[] = [1, 2, 3, 4];

const ENDPOINTS = [
  "POST /runners/verify",
  "DELETE /runners/managers",
  "POST /jobs/request",
  "PATCH /jobs/:id/trace",
  "PUT /jobs/:id",
  "*",
] as const;

/**
 * Only faults with which GitLab itself loses no job. `drop answer` would lose one: GitLab assigns a
 * job, but no runner receives it. So would 403: gitlab-runner ends the job that gets it.
 */
const FAULTS: readonly FaultAction[] = [
  { kind: "status", status: 500 },
  { kind: "status", status: 502 },
  { kind: "status", status: 429, headers: { "Retry-After": "2" } },
  { kind: "reset" },
  { kind: "hang" },
  { kind: "delay", ms: 2_000 },
  { kind: "hold answer", ms: 2_000 },
];

/**
 * How long a fault lasts. gitlab-runner reports the end of a job up to ten times, 1 s, 2 s, 4 s …
 * apart, so it keeps trying for minutes longer than any fault.
 */
const FAULT_SECONDS = { from: 4, to: 8 } as const;

/** Generates the endless plan of a soak. The same seed gives the same plan. */
export function* planSteps(seed: number): Generator<Step, never> {
  const rng = new Rng(seededRandom(seed));
  let replicas = FIRST_REPLICAS;
  for (;;) {
    for (const kind of rng.shuffle(BAG)) {
      const action = planAction(kind, rng, replicas);
      if (action.kind === "scale") ({ replicas } = action);
      // No pause after a fault: the next action must meet it.
      yield { action, pause: action.kind === "fault" ? 0 : rng.between(0, 4) };
    }
  }
}

function planAction(kind: Action["kind"], rng: Rng, replicas: number): Action {
  switch (kind) {
    case "scale":
      return { kind, replicas: rng.pick(REPLICAS.filter((count) => count !== replicas)) };
    case "update":
      return { kind, what: rng.pick(UPDATES) };
    case "rotate":
      return { kind, deleteOld: rng.pick([true, false]) };
    case "kill":
      return { kind, target: rng.pick(KILL_TARGETS), pick: rng.fraction() };
    case "fault": {
      const fault = { endpoint: rng.pick(ENDPOINTS), action: rng.pick(FAULTS) };
      return { kind, fault, seconds: rng.between(FAULT_SECONDS.from, FAULT_SECONDS.to) };
    }
  }
}

/** Generates endless job lengths in seconds. The same seed gives the same lengths. */
export function* planJobs(seed: number): Generator<number, never> {
  const rng = new Rng(seededRandom(seed));
  for (;;) yield rng.between(1, 10);
}

/** Describes an action for the log. */
export function describeAction(action: Action): string {
  switch (action.kind) {
    case "scale":
      return `scale to ${action.replicas}`;
    case "update":
      return `update: change ${action.what}`;
    case "rotate":
      return `rotate the token${action.deleteOld ? " and delete the old runner" : ""}`;
    case "kill":
      return `kill -9 of ${action.target}`;
    case "fault":
      return `fault: ${describeFault(action.fault)} for ${action.seconds} s`;
  }
}

/** Describes a fault for the log. */
export function describeFault({ endpoint = "*", action }: Fault): string {
  const where = endpoint === "*" ? "all endpoints" : endpoint;
  if (action.kind === "status") return `${action.status} on ${where}`;
  const kind = action.kind === "hold answer" ? "response delay" : action.kind;
  const ms = "ms" in action ? ` of ${action.ms / 1000} s` : "";
  return `${kind}${ms} on ${where}`;
}

/** A seeded random number generator. */
class Rng {
  constructor(readonly fraction: () => number) {}

  /** Returns an integer between `from` and `to`, both included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.fraction() * (to - from + 1));
  }

  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.fraction() * items.length)];
    if (item === undefined) throw new Error("cannot pick from an empty list");
    return item;
  }

  /** Returns the same items in random order. */
  shuffle<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, key: this.fraction() }))
      .sort((a, b) => a.key - b.key)
      .map(({ item }) => item);
  }
}
