import { hasEnded, livingTasks } from "../docker/living-tasks";
import type { Pool, Task } from "../docker/pools";
import type { TimedLine } from "../docker/replica-lines";
import { parseOnlineMessage, type OnlineMessage } from "../../contract/online-message";
import type { Manager } from "../gitlab/runners";
import { TOOL_EXIT } from "../io";
import { replicaState, type ReplicaState } from "./replica-state";

/** One row: a replica, or what GitLab shows in the place of one. */
export interface ReplicaStatus {
  /** Undefined where no task runs for it. */
  readonly slot: number | undefined;
  readonly node: string | undefined;
  readonly state: ReplicaState;
  readonly systemId: string;
  /** Tag of its image. */
  readonly image: string | undefined;
  /** Number of its runner in GitLab; undefined where GitLab does not know it. */
  readonly runner: number | undefined;
}

/** A pool as Docker and GitLab see it. */
export interface PoolStatus {
  readonly service: string;
  readonly gitlabUrl: string;
  readonly wanted: number;
  readonly replicas: readonly ReplicaStatus[];
  /** When the token of the replicas expires, in ISO 8601; undefined if it does not, or no replica said. */
  readonly tokenExpiresAt: string | undefined;
  /** What replicas warned of. */
  readonly warnings: readonly string[];
  /** What is not as it should be, as sentences; empty if all is well. */
  readonly problems: readonly string[];
  /** Why GitLab's side is not there; undefined if it is. */
  readonly gitlabMissing: string | undefined;
}

/** What the two sides say of one pool. */
export interface Sources {
  readonly pool: Pool;
  /** What the replicas said, by task. */
  readonly said: ReadonlyMap<string, readonly TimedLine[]>;
  /** The pool's managers in GitLab, or why they are not known. */
  readonly managers: readonly Manager[] | { readonly missing: string };
}

/** What replicas said when they came online. */
export function onlineMessages(said: Sources["said"]): readonly OnlineMessage[] {
  return [...said.values()]
    .flat()
    .filter(({ state }) => state === "online")
    .flatMap(({ message }) => parseOnlineMessage(message) ?? []);
}

/** Puts the two sides together. */
export function poolStatus({ pool, said, managers }: Sources): PoolStatus {
  const known = "missing" in managers ? undefined : managers;
  const replicas = livingTasks(pool).map((task) => replicaStatus(task, pool, said, known));
  const lost = (known ?? [])
    .filter(({ systemId }) => !replicas.some((replica) => replica.systemId === systemId))
    .map(lostReplica);
  const lines = livingTasks(pool).map(({ id }) => [id, said.get(id) ?? []] as const);
  const expiries = onlineMessages(new Map(lines)).flatMap((one) => one.tokenExpiresAt ?? []);
  return {
    service: pool.name,
    gitlabUrl: pool.gitlabUrl,
    wanted: pool.wanted,
    replicas: [...replicas, ...lost],
    tokenExpiresAt: expiries.sort()[0],
    warnings: [
      ...new Set(
        lines
          .flatMap(([, own]) => own)
          .filter(({ state }) => state === "warning")
          .map(({ message }) => message),
      ),
    ],
    problems: problemsOf(pool, [...replicas, ...lost], known !== undefined),
    gitlabMissing: "missing" in managers ? managers.missing : undefined,
  };
}

/** What the status ends with: that of which one side is missing tells nothing for sure. */
export function exitCodeOf(pools: readonly PoolStatus[]): number {
  if (pools.some(({ gitlabMissing }) => gitlabMissing !== undefined)) return TOOL_EXIT.failed;
  return pools.some(({ problems }) => problems.length > 0) ? TOOL_EXIT.found : TOOL_EXIT.ok;
}

function replicaStatus(
  task: Task,
  pool: Pool,
  said: Sources["said"],
  managers: readonly Manager[] | undefined,
): ReplicaStatus {
  const manager = managers?.find(({ systemId }) => systemId === task.systemId);
  // The task that a failed one was replaced by waits without a word: the reason is the failed one's.
  const before = pool.tasks
    .filter((one) => one.slot === task.slot && one.created < task.created && hasEnded(one))
    .sort((a, b) => (a.created < b.created ? 1 : -1))[0];
  return {
    slot: task.slot,
    node: task.node === "" ? undefined : task.node,
    state: replicaState({
      task,
      said: said.get(task.id) ?? [],
      manager,
      predecessor: before && { task: before, said: said.get(before.id) ?? [] },
    }),
    systemId: task.systemId,
    image: task.image,
    runner: manager?.runnerId,
  };
}

function lostReplica({ systemId, runnerId, jobs, contacted }: Manager): ReplicaStatus {
  return {
    slot: undefined,
    node: undefined,
    state: { kind: "GitLab only", lastContact: contacted, jobs },
    systemId,
    image: undefined,
    runner: runnerId,
  };
}

function problemsOf(
  pool: Pool,
  replicas: readonly ReplicaStatus[],
  gitlabKnown: boolean,
): readonly string[] {
  const running = replicas.filter(
    ({ slot, state }) =>
      slot !== undefined && state.kind !== "draining" && state.kind !== "starting",
  );
  const unknown = running.filter(({ runner }) => gitlabKnown && runner === undefined);
  const lost = replicas.filter(({ slot }) => slot === undefined);
  return [
    ...(running.length < pool.wanted ? [`${running.length} of ${pool.wanted} replicas run`] : []),
    ...unknown.map(
      ({ slot, systemId }) => `GitLab does not know replica ${slot ?? ""} (${systemId})`,
    ),
    ...lost.map(
      ({ systemId, runner }) =>
        `GitLab shows a manager that no replica owns: ${systemId} of runner ${runner ?? ""}; \`npm run reap\` removes it once it is silent`,
    ),
  ];
}
