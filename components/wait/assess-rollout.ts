import { formatReplicaCount } from "../../contract/replica-count";
import { EXIT } from "../../contract/exit-codes";
import { hasEnded } from "../../docker-engine/tasks";
import { explainNext, explainReplicas, explainStop, explainUncreated } from "./explain-rollout";
import { groupByReplica } from "./replica-tasks";
import type { ReportsByTask, Snapshot, Task } from "./snapshot";
import { isStopped, isWatching, toleratesFailures, type UpdatePolicy } from "./update-policy";

/** What a pool must reach. */
export interface Target {
  readonly generation: string;
  /** Undefined for a global pool, which needs one on each node of the snapshot. */
  readonly replicas: number | undefined;
  /**
   * The swarm's index before the program changed anything. A failure with a higher index is new.
   */
  readonly indexBefore: number;
  readonly policy: UpdatePolicy;
}

/** Whether a pool has reached its target, and if not, why. */
export type Assessment =
  | { readonly kind: "online" }
  | ({ readonly kind: "waiting" } & Reasons)
  /** All replicas are online, but Swarm may still undo or stop the update if one of them ends. */
  | ({ readonly kind: "watched" } & Reasons)
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

/** Exit codes of a replica that would fail again in the same way. */
const FINAL_EXITS: readonly number[] = [EXIT.refused, EXIT.config];

/** After this many failures in a row of one replica, another retry would fail as well. */
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
  const { generation, update } = snapshot;
  const groups = groupByReplica(snapshot, target.generation);
  const offline = groups.filter(({ tasks }) => !tasks.some((task) => isOnline(task, reports)));
  const missing = offline.map(({ tasks }) => tasks);
  const online = groups.length - missing.length;
  const wanted = target.replicas ?? groups.length;
  const silent = findSilentTask(missing, reports, target.indexBefore);
  const explained = explainReplicas(offline, reports, target.replicas === undefined);
  if (generation !== target.generation) {
    return {
      kind: "failed",
      reasons: [explainStop(update, target.policy), ...explained],
      ...silent,
    };
  }
  const isComplete = online >= wanted;
  const reasons = [`${online} of ${formatReplicaCount(wanted)} online`, ...explained];
  // A rollback may have led to this very generation, and then its replicas are the right ones.
  if (update?.state === "paused" || (!isComplete && isStopped(update))) {
    return { kind: "failed", reasons: [explainStop(update, target.policy), ...reasons], ...silent };
  }
  if (isComplete) {
    return isWatching(target.policy, update) ? { kind: "watched", reasons } : { kind: "online" };
  }
  const isUpdating = update?.state === "updating";
  // When the first replica of an update ends, Swarm pauses it or rolls it back.
  const isFirstFinal = isUpdating && !toleratesFailures(target.policy);
  const earlyExits = isFirstFinal ? 1 : EARLY_EXITS_IN_A_ROW;
  const isHopeless = (tasks: Tasks) =>
    tasks.some((task) => hasRefusal(task, reports, target.indexBefore)) ||
    keepsEnding(tasks, reports, target.indexBefore, earlyExits);
  const uncreated = explainUncreated(wanted - groups.length, update);
  const waiting = { kind: "waiting", reasons: [...reasons, ...uncreated], ...silent } as const;
  const begun = missing.filter((tasks) => tasks.length > 0);
  const isEndInSight = begun.length > 0 && begun.every(isHopeless);
  // Swarm does not continue with the next replicas until these have ended.
  const mayContinue = !(isFirstFinal && isEndInSight);
  if (begun.length + online < wanted && mayContinue) return waiting;
  if (begun.every(isHopeless)) {
    const next = isUpdating ? explainNext(target.policy) : [];
    return { kind: "failed", reasons: [...reasons, ...next], ...silent };
  }
  if (!missing.every((tasks) => isHopeless(tasks) || isStuck(tasks, target.indexBefore))) {
    return waiting;
  }
  const isRetrying = missing.some(([task]) => task?.state === "preparing");
  return { kind: "stuck", reasons, isRetrying, ...silent };
}

/** Counts the replicas that an update has created, and those that are online. */
export function countSteps(target: Target, snapshot: Snapshot, reports: ReportsByTask): number {
  const begun = groupByReplica(snapshot, target.generation).filter(({ tasks }) => tasks.length > 0);
  const online = begun.filter(({ tasks }) => tasks.some((task) => isOnline(task, reports)));
  return begun.length + online.length;
}

/** Tasks of one replica, newest first. */
type Tasks = readonly Task[];

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
  missing: readonly Tasks[],
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
 * Whether the tasks of a replica keep ending without reporting a reason, for example because the
 * image lacks a file, or gitlab-runner cannot run with its configuration.
 */
function keepsEnding(
  tasks: Tasks,
  reports: ReportsByTask,
  indexBefore: number,
  earlyExits: number,
): boolean {
  const ended = tasks.filter((task) => hasEndedSilently(task, reports, indexBefore));
  const early = ended
    .map(({ id }) => reports.get(id))
    .filter((report) => report?.hasRunnerExited === true && report.wasOnline !== true);
  return ended.length >= ENDS_IN_A_ROW || early.length >= earlyExits;
}

/** States of a task whose container exists but does not run yet. */
const HAS_CONTAINER = new Set(["ready", "starting"]);

/**
 * Whether no node could create the container (`rejected`) or no node fits (`pending` with a
 * reason), and no later task of the replica has a container.
 */
function isStuck(tasks: Tasks, indexBefore: number): boolean {
  if (HAS_CONTAINER.has(tasks[0]?.state ?? "")) return false;
  return tasks.some(
    ({ state, error, index }) =>
      (state === "rejected" || (state === "pending" && error !== "")) && index > indexBefore,
  );
}
