import type { Fault, FaultAction } from "../../local/gitlab";
import { seededRandom } from "../../local/gitlab/faults/random";
import { VICTIMS, type Victim } from "../support/victims";

/** What of a pool an update changes. */
export const UPDATES = ["image", "concurrent", "runnerName"] as const;

/** What the soak does to a pool. */
export type Action =
  | { readonly kind: "scale"; readonly replicas: number }
  | { readonly kind: "update"; readonly what: (typeof UPDATES)[number] }
  /** To the token of a new runner; the old one may be deleted while its replicas drain. */
  | { readonly kind: "rotate"; readonly deleteOld: boolean }
  /** `pick` chooses the replica: a number from 0 to below 1. */
  | { readonly kind: "kill"; readonly victim: Victim; readonly pick: number }
  /** GitLab misbehaves for some seconds, while the next actions go on. */
  | { readonly kind: "fault"; readonly fault: Fault; readonly seconds: number };

export interface Step {
  readonly action: Action;
  /** Seconds until the next action. */
  readonly pause: number;
}

/** Kinds in the shares in which they come: each bag is emptied in random order before the next one is opened. */
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

/** Replicas that a soak begins with, and those that it scales to. */
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
 * None of them loses a job by GitLab's doing. `drop answer` would: GitLab hands out a job of which no runner hears. 403
 * would too: gitlab-runner takes it for the end of a job.
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

/** gitlab-runner tells GitLab the end of a job ten times, 1 s, 2 s, 4 s … apart, so it outlasts these by minutes. */
const FAULT_SECONDS = { from: 4, to: 8 } as const;

/** The endless plan of a soak: the same seed gives the same. */
export function* planSteps(seed: number): Generator<Step, never> {
  const dice = new Dice(seededRandom(seed));
  let replicas = FIRST_REPLICAS;
  for (;;) {
    for (const kind of dice.shuffle(BAG)) {
      const action = planAction(kind, dice, replicas);
      if (action.kind === "scale") ({ replicas } = action);
      // The next action meets a fault.
      yield { action, pause: action.kind === "fault" ? 0 : dice.between(0, 4) };
    }
  }
}

function planAction(kind: Action["kind"], dice: Dice, replicas: number): Action {
  switch (kind) {
    case "scale":
      return { kind, replicas: dice.one(REPLICAS.filter((count) => count !== replicas)) };
    case "update":
      return { kind, what: dice.one(UPDATES) };
    case "rotate":
      return { kind, deleteOld: dice.one([true, false]) };
    case "kill":
      return { kind, victim: dice.one(VICTIMS), pick: dice.fraction() };
    case "fault": {
      const fault = { endpoint: dice.one(ENDPOINTS), action: dice.one(FAULTS) };
      return { kind, fault, seconds: dice.between(FAULT_SECONDS.from, FAULT_SECONDS.to) };
    }
  }
}

/** The lengths of the soak's jobs in seconds, endless: the same seed gives the same. */
export function* planJobs(seed: number): Generator<number, never> {
  const dice = new Dice(seededRandom(seed));
  for (;;) yield dice.between(1, 10);
}

/** An action in words. */
export function describeAction(action: Action): string {
  switch (action.kind) {
    case "scale":
      return `scale to ${action.replicas}`;
    case "update":
      return `update: another ${action.what}`;
    case "rotate":
      return `rotate the token${action.deleteOld ? ", and delete the old runner" : ""}`;
    case "kill":
      return `kill -9 of ${action.victim}`;
    case "fault":
      return `fault: ${describeFault(action.fault)} for ${action.seconds} s`;
  }
}

/** A fault in words. */
export function describeFault({ endpoint = "*", action }: Fault): string {
  const where = endpoint === "*" ? "everything" : endpoint;
  if (action.kind === "status") return `${action.status} on ${where}`;
  const ms = "ms" in action ? ` ${action.ms / 1000} s` : "";
  return `${action.kind}${ms} on ${where}`;
}

/** Draws from a source of random numbers. */
class Dice {
  constructor(readonly fraction: () => number) {}

  /** A whole number, both ends included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.fraction() * (to - from + 1));
  }

  one<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.fraction() * items.length)];
    if (item === undefined) throw new Error("nothing to draw from");
    return item;
  }

  /** The same items in random order. */
  shuffle<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, key: this.fraction() }))
      .sort((a, b) => a.key - b.key)
      .map(({ item }) => item);
  }
}
