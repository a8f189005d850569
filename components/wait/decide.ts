import { EXIT } from "../../contract/exit-codes";
import type { Said, Snapshot, Task } from "./snapshot";

/** What a pool is waited for. */
export interface Goal {
  readonly generation: string;
  readonly replicas: number;
  /** When the program began and when the wait did, in ISO 8601; by them old failures are told from new ones. */
  readonly begun: string;
  readonly waitingSince: string;
}

/** Whether the wait is over. */
export type Decision =
  | { readonly kind: "online" }
  | { readonly kind: "waiting"; readonly reasons: readonly string[] }
  /** Swarm could not start a replica. It tries again by itself: mostly in vain, but a node or a network may come right. */
  | { readonly kind: "stuck"; readonly reasons: readonly string[]; readonly isTrying: boolean }
  /** Waiting longer would not help. */
  | { readonly kind: "failed"; readonly reasons: readonly string[] };

/** What the replicas said, by task. */
export type SaidByTask = ReadonlyMap<string, Said>;

/** States of a service's update in which swarm does not go on with it. */
const STOPPED = new Set(["paused", "rollback_started", "rollback_paused", "rollback_completed"]);

/** Exit codes of a replica for which another try would end the same. */
const FINAL_EXITS: readonly number[] = [EXIT.refused, EXIT.config];

/**
 * Decides from what Docker and the replicas say whether a pool is online. A replica counts as online when it said so, or
 * when swarm calls its task running: with the service's health check that comes later, but needs no log.
 */
export function decide(goal: Goal, snapshot: Snapshot, said: SaidByTask): Decision {
  const { generation, update, tasks } = snapshot;
  const slots = tasksBySlot(tasks.filter((task) => task.generation === goal.generation));
  const missing = slots.filter((slot) => !slot.some((task) => isOnline(task, said)));
  const online = slots.length - missing.length;
  if (generation !== goal.generation) {
    return { kind: "failed", reasons: [swarmStopped(update), ...explain(missing, said)] };
  }
  if (online >= goal.replicas) return { kind: "online" };

  const reasons = [`${online} of ${goal.replicas} are online`, ...explain(missing, said)];
  if (STOPPED.has(update?.state ?? "")) {
    return { kind: "failed", reasons: [swarmStopped(update), ...reasons] };
  }
  const since = newsSince(goal, snapshot);
  const isRefused = (slot: Slot) => slot.some((task) => hasRefusal(task, said, since));
  if (slots.length < goal.replicas) return { kind: "waiting", reasons };
  if (missing.every(isRefused)) return { kind: "failed", reasons };
  if (!missing.every((slot) => isRefused(slot) || isStuck(slot, since))) {
    return { kind: "waiting", reasons };
  }
  return {
    kind: "stuck",
    reasons,
    isTrying: missing.some(([task]) => task?.state === "preparing"),
  };
}

/**
 * Failures from before are old news: what they were about may have been put right since. If the program changed the service,
 * all that came after the change counts: the provider itself goes on two seconds later.
 */
function newsSince({ begun, waitingSince }: Goal, { updated }: Snapshot): string {
  return updated >= begun ? updated : waitingSince;
}

/** Tasks of one slot, the newest first. */
type Slot = readonly Task[];

/** The slots in order. */
function tasksBySlot(tasks: readonly Task[]): readonly Slot[] {
  const slots = new Map<number, Task[]>();
  for (const task of [...tasks].sort((a, b) => (a.created < b.created ? 1 : -1))) {
    slots.set(task.slot, [...(slots.get(task.slot) ?? []), task]);
  }
  return [...slots].sort(([a], [b]) => a - b).map(([, slot]) => slot);
}

function isOnline({ id, state, desiredState }: Task, said: SaidByTask): boolean {
  if (desiredState !== "running") return false;
  return state === "running" || (state === "starting" && said.get(id)?.online === true);
}

/** GitLab's or the replica's own word. */
function hasRefusal({ id, exitCode, changed }: Task, said: SaidByTask, since: string): boolean {
  const final =
    said.get(id)?.last?.state === "refused" ||
    (exitCode !== undefined && FINAL_EXITS.includes(exitCode));
  return final && changed >= since;
}

/** States of a task that has a container. */
const MADE = new Set(["ready", "starting"]);

/** No node could make its container (`rejected`), or no node fits (`pending`, with a reason), and none has made it since. */
function isStuck(slot: Slot, since: string): boolean {
  if (MADE.has(slot[0]?.state ?? "")) return false;
  return slot.some(
    ({ state, error, changed }) =>
      (state === "rejected" || (state === "pending" && error !== "")) && changed >= since,
  );
}

function swarmStopped(update: Snapshot["update"]): string {
  const again = "when the reason is gone, run `pulumi refresh`, then `pulumi up`";
  if (update === undefined || !STOPPED.has(update.state)) {
    return `the service was changed by another hand: run \`pulumi refresh\`, then \`pulumi up\``;
  }
  return update.state.startsWith("rollback")
    ? `swarm rolls the update back, so that the replicas of before go on (${update.message}); ${again}`
    : `swarm paused the update (${update.message}); ${again}`;
}

/** One sentence a slot; slots with the same reason share one. */
function explain(slots: readonly Slot[], said: SaidByTask): readonly string[] {
  const numbers = new Map<string, number[]>();
  for (const slot of slots) {
    // A slot's newest task may only just have been made in place of one that failed: that one has the reason.
    const task =
      slot.find(({ id, error }) => said.get(id)?.last !== undefined || error !== "") ?? slot[0];
    if (task === undefined) continue;
    const reason = reasonOf(task, said.get(task.id));
    numbers.set(reason, [...(numbers.get(reason) ?? []), task.slot]);
  }
  return [...numbers].map(
    ([reason, list]) => `replica${list.length > 1 ? "s" : ""} ${list.join(", ")}: ${reason}`,
  );
}

function reasonOf({ state, error }: Task, said: Said | undefined): string {
  const words = said?.last === undefined ? [] : [`${said.last.state}: ${said.last.message}`];
  return (
    [...words, ...(error === "" ? [] : [error])].join("; ") || `${state}, has said nothing yet`
  );
}
