import type { Task } from "../docker/pools";
import type { TimedLine } from "../docker/replica-lines";
import type { Manager } from "../gitlab/runners";

/** What a replica does, as far as Docker, its own words and GitLab tell. */
export type ReplicaState =
  /** Swarm has no container for it yet. */
  | { readonly kind: "starting"; readonly reason: string }
  /** It runs and GitLab has not accepted it yet. */
  | { readonly kind: "registering" }
  /** GitLab does not answer, or not now. */
  | { readonly kind: "waiting"; readonly reason: string }
  | { readonly kind: "idle" }
  | { readonly kind: "running"; readonly jobs: readonly number[] }
  /** It is online; GitLab did not tell what it does. */
  | { readonly kind: "online" }
  | { readonly kind: "draining"; readonly since: string; readonly jobs: readonly number[] }
  /** No replica that Docker runs: a manager that was left behind. */
  | {
      readonly kind: "GitLab only";
      readonly lastContact: string | undefined;
      readonly jobs: readonly number[];
    };

export interface ReplicaFacts {
  readonly task: Task;
  /** Its own lines, oldest first. */
  readonly said: readonly TimedLine[];
  readonly manager: Manager | undefined;
  /** The task of its slot that ended before it. */
  readonly predecessor: { readonly task: Task; readonly said: readonly TimedLine[] } | undefined;
}

/** Tells what a replica does. */
export function replicaState({ task, said, manager, predecessor }: ReplicaFacts): ReplicaState {
  const jobs = manager?.jobs ?? [];
  const draining = said.find(({ state }) => state === "draining");
  if (
    draining !== undefined ||
    task.desiredState === "shutdown" ||
    task.desiredState === "remove"
  ) {
    return { kind: "draining", since: draining?.at ?? task.since, jobs };
  }
  if (task.state !== "starting" && task.state !== "running") {
    return { kind: "starting", reason: reasonOf(task, predecessor) };
  }
  // Swarm calls a task running once its health check has passed: when GitLab has accepted the replica.
  const last = said.filter(({ state }) => state !== "warning").pop();
  if (last?.state === "waiting") return { kind: "waiting", reason: last.message };
  // Where its log cannot be read, GitLab's word counts.
  const accepted = last === undefined ? manager !== undefined : last.state === "online";
  if (!accepted && task.state !== "running") return { kind: "registering" };
  if (manager === undefined) return { kind: "online" };
  return jobs.length === 0 ? { kind: "idle" } : { kind: "running", jobs };
}

/** Why a task has no container: swarm's words, or how the one before it ended. */
function reasonOf(task: Task, predecessor: ReplicaFacts["predecessor"]): string {
  const words = predecessor?.said.filter(({ state }) => state === "refused").pop()?.message;
  const ended = words ?? predecessor?.task.message;
  if (task.state === "pending" || ended === undefined) return `${task.state}: ${task.message}`;
  return `${task.state} again after: ${ended}`;
}

/** A state in a few words. */
export function describeState(state: ReplicaState): string {
  switch (state.kind) {
    case "starting":
      return state.reason;
    case "waiting":
      return `waiting: ${state.reason}`;
    case "running":
      return describeJobs(state.jobs);
    case "draining":
      return [`draining since ${shortTime(state.since)}`, ...jobsPart(state.jobs)].join(", ");
    case "GitLab only": {
      const contact =
        state.lastContact === undefined ? "" : `, last heard of ${shortTime(state.lastContact)}`;
      return ["not in Docker", ...jobsPart(state.jobs)].join(", ") + contact;
    }
    case "registering":
    case "idle":
    case "online":
      return state.kind;
  }
}

function jobsPart(jobs: readonly number[]): readonly string[] {
  return jobs.length === 0 ? [] : [describeJobs(jobs)];
}

function describeJobs(jobs: readonly number[]): string {
  return `running job${jobs.length === 1 ? "" : "s"} ${jobs.join(", ")}`;
}

/** `2026-11-24 09:31:05 UTC` */
function shortTime(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  return `${time.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
