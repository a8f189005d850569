import { formatReplicaCount } from "../../contract/replica-count";
import { explainPullFailure } from "../../contract/pull-failure";
import { EXIT } from "../../contract/exit-codes";
import { hasEnded } from "../../docker-engine/tasks";
import { nameSettings } from "./name-settings";
import type { ReplicaReport, Snapshot, Task } from "./snapshot";

/** What a pool must reach. */
export interface Target {
  readonly generation: string;
  readonly replicas: number;
  /**
   * The swarm's index before the program changed anything. A failure with a higher index is new.
   */
  readonly indexBefore: number;
}

/** Whether a pool has reached its target, and if not, why. */
export type Assessment =
  | { readonly kind: "online" }
  | ({ readonly kind: "waiting" } & Reasons)
  /**
   * Swarm could not start a replica. It retries on its own. A retry succeeds only if a node or a
   * network recovers.
   */
  | ({ readonly kind: "stuck"; readonly isRetrying: boolean } & Reasons)
  /** Waiting any longer would not help. */
  | ({ readonly kind: "failed" } & Reasons);

/** Why a pool is not online. */
export interface Reasons {
  readonly reasons: readonly string[];
  /**
   * A task that ended, or whose gitlab-runner did, without reporting a reason. The end of its log
   * may show one.
   */
  readonly silentTask?: string;
}

/** The report of each replica, by the ID of its task. */
export type ReportsByTask = ReadonlyMap<string, ReplicaReport>;

/** States in which Swarm has stopped the update of a service. */
const STOPPED = new Set(["paused", "rollback_started", "rollback_paused", "rollback_completed"]);

/** Exit codes of a replica that would fail again in the same way. */
const FINAL_EXITS: readonly number[] = [EXIT.refused, EXIT.config];

/** After this many failures in a row in one slot, another retry would fail as well. */
const ENDS_IN_A_ROW = 3;

/**
 * The same for replicas whose gitlab-runner exited before they were online. Two are enough, because
 * each replica waits before it exits: the third one would start after more than two minutes.
 */
const EARLY_EXITS_IN_A_ROW = 2;

/**
 * Decides whether a pool is online, from Docker's view of its tasks and the reports of its
 * replicas. A replica is online if that is its latest report. It is also online if Swarm calls its
 * task running and no report contradicts this: the health check is slower than the log, but works
 * without one.
 */
export function assessRollout(
  target: Target,
  snapshot: Snapshot,
  reports: ReportsByTask,
): Assessment {
  const { generation, update, tasks } = snapshot;
  const slots = groupBySlot(tasks.filter((task) => task.generation === target.generation));
  const missing = slots.filter((slot) => !slot.some((task) => isOnline(task, reports)));
  const online = slots.length - missing.length;
  const silent = findSilentTask(missing, reports, target.indexBefore);
  const explained = explainSlots(missing, reports);
  if (generation !== target.generation) {
    return { kind: "failed", reasons: [explainStop(update), ...explained], ...silent };
  }
  if (online >= target.replicas) return { kind: "online" };

  const reasons = [`${online} of ${formatReplicaCount(target.replicas)} online`, ...explained];
  if (STOPPED.has(update?.state ?? "")) {
    return { kind: "failed", reasons: [explainStop(update), ...reasons], ...silent };
  }
  // When the first replica of an update ends, Swarm rolls the update back.
  const earlyExits = update?.state === "updating" ? 1 : EARLY_EXITS_IN_A_ROW;
  const isHopeless = (slot: Slot) =>
    slot.some((task) => hasRefusal(task, reports, target.indexBefore)) ||
    keepsEnding(slot, reports, target.indexBefore, earlyExits);
  const waiting = { kind: "waiting", reasons, ...silent } as const;
  if (slots.length < target.replicas) return waiting;
  if (missing.every(isHopeless)) return { kind: "failed", reasons, ...silent };
  if (!missing.every((slot) => isHopeless(slot) || isStuck(slot, target.indexBefore))) {
    return waiting;
  }
  const isRetrying = missing.some(([task]) => task?.state === "preparing");
  return { kind: "stuck", reasons, isRetrying, ...silent };
}

/** Tasks of one slot, newest first. */
type Slot = readonly Task[];

/** Groups tasks by slot, in the order of the slots. */
function groupBySlot(tasks: readonly Task[]): readonly Slot[] {
  const slots = new Map<number, Task[]>();
  for (const task of [...tasks].sort((a, b) => (a.created < b.created ? 1 : -1))) {
    slots.set(task.slot, [...(slots.get(task.slot) ?? []), task]);
  }
  return [...slots].sort(([a], [b]) => a - b).map(([, slot]) => slot);
}

function isOnline({ id, state, desiredState }: Task, reports: ReportsByTask): boolean {
  if (desiredState !== "running") return false;
  const report = reports.get(id);
  if (state === "running") {
    return report === undefined || report.online || report.last === undefined;
  }
  return state === "starting" && report?.online === true;
}

/**
 * Whether GitLab or the replica itself rules out success. Failures that predate this change do not
 * count, since their cause may have been fixed. The latest report of a running replica always
 * counts.
 */
function hasRefusal(
  { id, state, exitCode, index }: Task,
  reports: ReportsByTask,
  indexBefore: number,
): boolean {
  if (reports.get(id)?.last?.state === "refused") return state === "running" || index > indexBefore;
  return exitCode !== undefined && FINAL_EXITS.includes(exitCode) && index > indexBefore;
}

function findSilentTask(
  missing: readonly Slot[],
  reports: ReportsByTask,
  indexBefore: number,
): Pick<Reasons, "silentTask"> {
  const task = missing.flat().find((one) => hasEndedSilently(one, reports, indexBefore));
  return task === undefined ? {} : { silentTask: task.id };
}

/** Whether a replica ended without a reason. Ends that predate this change do not count. */
function hasEndedSilently(task: Task, reports: ReportsByTask, indexBefore: number): boolean {
  const report = reports.get(task.id);
  const { exitCode, index } = task;
  const isEnd = hasFailed(task) && exitCode !== undefined && index > indexBefore;
  if (report?.last === undefined) return isEnd;
  // Such a replica deregisters and waits before it exits.
  return report.last.state === "warning" && (isEnd || !hasEnded(task));
}

function hasFailed({ state }: Task): boolean {
  return state === "failed" || state === "complete";
}

/**
 * Whether the replicas of a slot keep ending without reporting a reason, for example because the
 * image lacks a file, or gitlab-runner cannot run with its configuration.
 */
function keepsEnding(
  slot: Slot,
  reports: ReportsByTask,
  indexBefore: number,
  earlyExits: number,
): boolean {
  const ended = slot.filter((task) => hasEndedSilently(task, reports, indexBefore));
  const early = ended
    .map(({ id }) => reports.get(id))
    .filter((report) => report?.hasRunnerExited === true && report.wasOnline !== true);
  return ended.length >= ENDS_IN_A_ROW || early.length >= earlyExits;
}

/** States of a task whose container exists but does not run yet. */
const HAS_CONTAINER = new Set(["ready", "starting"]);

/**
 * Whether no node could create the container (`rejected`) or no node fits (`pending` with a
 * reason), and no later task of the slot has a container.
 */
function isStuck(slot: Slot, indexBefore: number): boolean {
  if (HAS_CONTAINER.has(slot[0]?.state ?? "")) return false;
  return slot.some(
    ({ state, error, index }) =>
      (state === "rejected" || (state === "pending" && error !== "")) && index > indexBefore,
  );
}

function explainStop(update: Snapshot["update"]): string {
  const again = "after fixing the cause, run `pulumi refresh`, then `pulumi up`";
  if (update === undefined || !STOPPED.has(update.state)) {
    return `the service was modified outside this update: run \`pulumi refresh\`, then \`pulumi up\``;
  }
  return update.state.startsWith("rollback")
    ? `Swarm is rolling the update back (${update.message}); the previous replicas keep running; ${again}`
    : `Swarm paused the update (${update.message}); ${again}`;
}

/** Writes one line per reason, with the slots that share it. */
function explainSlots(slots: readonly Slot[], reports: ReportsByTask): readonly string[] {
  const numbers = new Map<string, number[]>();
  for (const slot of slots) {
    // The newest task may have just replaced a failed one, which has the reason.
    const task =
      slot.find(({ id, error }) => reports.get(id)?.last !== undefined || error !== "") ?? slot[0];
    if (task === undefined) continue;
    const reason = describeReason(task, reports.get(task.id));
    numbers.set(reason, [...(numbers.get(reason) ?? []), task.slot]);
  }
  return [...numbers].map(
    ([reason, list]) => `replica${list.length > 1 ? "s" : ""} ${list.join(", ")}: ${reason}`,
  );
}

function describeReason(
  { state, error, node = "" }: Task,
  report: ReplicaReport | undefined,
): string {
  const errors = error === "" ? [] : [explainPullFailure(error, node)];
  const reasons = [...describeLine(report?.last), ...errors];
  return reasons.join("; ") || `${state}, no log output yet`;
}

function describeLine(line: ReplicaReport["last"]): readonly string[] {
  if (line === undefined) return [];
  const message = nameSettings(line.message);
  return [line.state === "warning" ? message : `${line.state}: ${message}`];
}
