import { EXIT } from "../../contract/exit-codes";
import type { Said, Snapshot, Task } from "./snapshot";

/** What a pool is waited for. */
export interface Goal {
  readonly generation: string;
  readonly replicas: number;
}

/** Whether the wait is over. */
export type Decision =
  | { readonly kind: "online" }
  | { readonly kind: "waiting"; readonly reasons: readonly string[] }
  /** Waiting longer would not help. */
  | { readonly kind: "failed"; readonly reasons: readonly string[] };

/** States of a service's update in which swarm does not go on with it. */
const STOPPED = new Set(["paused", "rollback_started", "rollback_paused", "rollback_completed"]);

/** Exit codes of a replica for which another try would end the same. */
const FINAL_EXITS: readonly number[] = [EXIT.refused, EXIT.config];

/**
 * Decides from what Docker and the replicas say whether a pool is online. A replica counts as online when it said so, or
 * when swarm calls its task running: with the service's health check that comes later, but needs no log.
 */
export function decide(
  goal: Goal,
  { generation, update, tasks }: Snapshot,
  said: ReadonlyMap<string, Said>,
): Decision {
  const current = tasks.filter((task) => task.generation === goal.generation);
  const slots = newestBySlot(current.filter(isWanted));
  const online = slots.filter((task) => isOnline(task, said.get(task.id)));
  if (generation !== goal.generation || STOPPED.has(update?.state ?? "")) {
    const failed = current.filter((task) => !isOnline(task, said.get(task.id)));
    return {
      kind: "failed",
      reasons: [swarmStopped(update), ...explain(newestBySlot(failed), said)],
    };
  }
  if (online.length >= goal.replicas) return { kind: "online" };

  const missing = slots.filter((task) => !online.includes(task));
  // A slot's newest task may only just have been made in place of one that failed: that one has the reason.
  const reasons = explain(withPredecessors(missing, current), said);
  const count = `${online.length} of ${goal.replicas} replicas are online`;
  const hopeless =
    missing.length > 0 &&
    online.length + missing.length >= goal.replicas &&
    missing.every((task) =>
      predecessors(task, current).some((one) => isHopeless(one, said.get(one.id))),
    );
  return { kind: hopeless ? "failed" : "waiting", reasons: [count, ...reasons] };
}

function swarmStopped(update: Snapshot["update"]): string {
  if (update === undefined || !STOPPED.has(update.state)) {
    return "the service runs another specification than this stack's: run `pulumi refresh`, then `pulumi up`";
  }
  const what = update.state.startsWith("rollback")
    ? "swarm rolled the update back, and the replicas of before go on"
    : "swarm paused the update";
  return `${what} (${update.message}); when the reason is gone, run \`pulumi refresh\`, then \`pulumi up\``;
}

function isWanted({ desiredState }: Task): boolean {
  return desiredState === "running" || desiredState === "ready";
}

function isOnline(task: Task, said: Said | undefined): boolean {
  const alive = ["starting", "running"].includes(task.state);
  return alive && (task.state === "running" || said?.online === true);
}

function isHopeless(task: Task, said: Said | undefined): boolean {
  return (
    said?.last?.state === "refused" ||
    task.state === "rejected" ||
    (task.exitCode !== undefined && FINAL_EXITS.includes(task.exitCode)) ||
    (task.state === "pending" && task.error !== "")
  );
}

/** A slot's task and those that it took the place of, newest first. */
function predecessors(task: Task, tasks: readonly Task[]): readonly Task[] {
  return tasks
    .filter(({ slot, created }) => slot === task.slot && created <= task.created)
    .sort((a, b) => (a.created < b.created ? 1 : -1));
}

function withPredecessors(missing: readonly Task[], tasks: readonly Task[]): readonly Task[] {
  return missing.map((task) => predecessors(task, tasks).find(({ error }) => error !== "") ?? task);
}

function newestBySlot(tasks: readonly Task[]): readonly Task[] {
  const bySlot = new Map<number, Task>();
  for (const task of tasks) {
    const known = bySlot.get(task.slot);
    if (known === undefined || known.created < task.created) bySlot.set(task.slot, task);
  }
  return [...bySlot.values()].sort((a, b) => a.slot - b.slot);
}

/** One sentence a slot; slots with the same reason share one. */
function explain(tasks: readonly Task[], said: ReadonlyMap<string, Said>): readonly string[] {
  const slotsByReason = new Map<string, number[]>();
  for (const task of tasks) {
    const reason = reasonOf(task, said.get(task.id));
    slotsByReason.set(reason, [...(slotsByReason.get(reason) ?? []), task.slot]);
  }
  return [...slotsByReason].map(
    ([reason, slots]) => `replica${slots.length > 1 ? "s" : ""} ${slots.join(", ")}: ${reason}`,
  );
}

function reasonOf({ state, error }: Task, said: Said | undefined): string {
  const words = said?.last === undefined ? [] : [`${said.last.state}: ${said.last.message}`];
  return (
    [...words, ...(error === "" ? [] : [error])].join("; ") || `${state}, and has said nothing yet`
  );
}
