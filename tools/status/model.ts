import { hasEnded } from "../../docker-engine/tasks";
import { activeTasks, areOfOneReplica } from "../docker/active-tasks";
import type { Pool } from "../docker/pools";
import type { Task } from "../docker/pool-task";
import type { TimedLine } from "../docker/replica-lines";
import { parseOnlineMessage, type OnlineMessage } from "../../contract/online-message";
import { systemIdsByTask } from "../docker/system-ids";
import type { Manager } from "../gitlab/runners";
import { TOOL_EXIT } from "../io";
import { findProblems } from "./problems";
import { replicaActivity, type ReplicaActivity } from "./replica-activity";

/** One row: a replica, or a manager without a replica. */
export interface ReplicaReport {
  /** Undefined if no task runs for it; 0 in a global service. */
  readonly slot: number | undefined;
  readonly node: string | undefined;
  readonly state: ReplicaActivity;
  readonly systemId: string;
  /** Tag of its image. */
  readonly image: string | undefined;
  /** ID of its runner in GitLab; undefined if GitLab does not know it. */
  readonly runner: number | undefined;
}

/** A pool as Docker and GitLab see it. */
export interface PoolStatus {
  readonly service: string;
  readonly gitlabUrl: string;
  readonly desired: number;
  readonly replicas: readonly ReplicaReport[];
  /**
   * When the replicas' token expires, in ISO 8601; undefined if it does not expire, or no replica
   * has reported it.
   */
  readonly tokenExpiresAt: string | undefined;
  /** Warnings of the replicas. */
  readonly warnings: readonly string[];
  /** Problems, one sentence each; empty if there are none. */
  readonly problems: readonly string[];
  /** Why GitLab's data is unavailable; undefined if it is available. */
  readonly gitlabUnavailable: string | undefined;
}

/** Docker's and GitLab's data about one pool. */
export interface Sources {
  readonly pool: Pool;
  /** State lines of the replicas, by task. */
  readonly reports: ReadonlyMap<string, readonly TimedLine[]>;
  /** The pool's managers in GitLab, or why they are unknown. */
  readonly managers: readonly Manager[] | { readonly unavailable: string };
  /**
   * Its runners that are paused in GitLab.
   * @default none
   */
  readonly paused?: readonly number[];
  /**
   * The current time, to find silent replicas.
   * @default no replica is silent
   */
  readonly now?: Date;
}

/** What replicas logged when they came online. */
export function onlineMessages(reports: Sources["reports"]): readonly OnlineMessage[] {
  return [...reports.values()]
    .flat()
    .filter(({ state }) => state === "online")
    .flatMap(({ message }) => parseOnlineMessage(message) ?? []);
}

/** Combines the data of Docker and GitLab. */
export function poolStatus(sources: Sources): PoolStatus {
  const { pool, reports, managers } = sources;
  const known = "unavailable" in managers ? undefined : managers;
  const ids = systemIdsByTask(pool, reports, known?.map(({ systemId }) => systemId) ?? []);
  const replicas = activeTasks(pool).map((task) =>
    replicaStatus(task, ids.get(task.id) ?? "", { pool, reports, known }),
  );
  const stale = (known ?? [])
    .filter(({ systemId }) => !replicas.some((replica) => replica.systemId === systemId))
    .map(staleReplica);
  const lines = activeTasks(pool).map(({ id }) => [id, reports.get(id) ?? []] as const);
  const expiries = onlineMessages(new Map(lines)).flatMap((one) => one.tokenExpiresAt ?? []);
  return {
    service: pool.name,
    gitlabUrl: pool.gitlabUrl,
    desired: pool.desired,
    replicas: [...replicas, ...stale],
    tokenExpiresAt: expiries.sort()[0],
    warnings: [
      ...new Set(
        lines
          .flatMap(([, own]) => own)
          .filter(({ state }) => state === "warning")
          .map(({ message }) => message),
      ),
    ],
    problems: findProblems([...replicas, ...stale], sources),
    gitlabUnavailable: "unavailable" in managers ? managers.unavailable : undefined,
  };
}

/** Chooses the exit code. A status with unavailable data proves nothing. */
export function chooseExitCode(pools: readonly PoolStatus[]): number {
  if (pools.some(({ gitlabUnavailable }) => gitlabUnavailable !== undefined))
    return TOOL_EXIT.failed;
  return pools.some(({ problems }) => problems.length > 0) ? TOOL_EXIT.problems : TOOL_EXIT.ok;
}

function replicaStatus(
  task: Task,
  systemId: string,
  {
    pool,
    reports,
    known,
  }: Pick<Sources, "pool" | "reports"> & { readonly known: readonly Manager[] | undefined },
): ReplicaReport {
  const manager = known?.find((one) => one.systemId === systemId);
  // A task that replaced a failed one waits without an error. The reason is in the failed one.
  const predecessor = pool.tasks
    .filter((one) => areOfOneReplica(one, task) && one.created < task.created && hasEnded(one))
    .sort((a, b) => (a.created < b.created ? 1 : -1))[0];
  return {
    slot: task.slot,
    node: task.node === "" ? undefined : task.node,
    state: replicaActivity({
      task,
      reports: reports.get(task.id) ?? [],
      manager,
      predecessor: predecessor && { task: predecessor, reports: reports.get(predecessor.id) ?? [] },
    }),
    systemId,
    image: task.image,
    runner: manager?.runnerId,
  };
}

function staleReplica({ systemId, runnerId, jobs, contacted }: Manager): ReplicaReport {
  return {
    slot: undefined,
    node: undefined,
    state: { kind: "stale", lastContact: contacted, jobs },
    systemId,
    image: undefined,
    runner: runnerId,
  };
}
