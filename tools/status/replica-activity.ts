import { findCurrentState } from "../../contract/replica-log";
import type { Task } from "../docker/pool-task";
import type { TimedLine } from "../docker/replica-lines";
import type { Manager } from "../gitlab/runners";

/** What a replica is doing, according to Docker, its log and GitLab. */
export type ReplicaActivity =
  /** Swarm has not created its container yet. */
  | { readonly kind: "starting"; readonly reason: string }
  /** It runs, but GitLab has not accepted it yet. */
  | { readonly kind: "registering" }
  /** GitLab or its Docker engine does not answer at the moment. */
  | { readonly kind: "waiting"; readonly reason: string }
  /** GitLab rejects it, either at its start or since it was online. */
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "idle" }
  | { readonly kind: "running"; readonly jobs: readonly number[] }
  /** It runs a job that the token cannot see. */
  | { readonly kind: "busy" }
  /** It is online, but GitLab did not report what it is doing. */
  | { readonly kind: "online" }
  | { readonly kind: "draining"; readonly since: string; readonly jobs: readonly number[] }
  /** No running replica: a stale manager. */
  | {
      readonly kind: "stale";
      readonly lastContact: string | undefined;
      readonly jobs: readonly number[];
    };

export interface ReplicaFacts {
  readonly task: Task;
  /** Its state lines, oldest first. */
  readonly reports: readonly TimedLine[];
  readonly manager: Manager | undefined;
  /** The previous task in its slot, which has ended. */
  readonly predecessor: { readonly task: Task; readonly reports: readonly TimedLine[] } | undefined;
}

/** Determines what a replica is doing. */
export function replicaActivity({
  task,
  reports,
  manager,
  predecessor,
}: ReplicaFacts): ReplicaActivity {
  const jobs = manager?.jobs ?? [];
  const draining = reports.find(({ state }) => state === "draining");
  if (
    draining !== undefined ||
    task.desiredState === "shutdown" ||
    task.desiredState === "remove"
  ) {
    return { kind: "draining", since: draining?.at ?? task.since, jobs };
  }
  if (task.state !== "starting" && task.state !== "running") {
    return { kind: "starting", reason: explainStart(task, predecessor) };
  }
  // Swarm calls a task running after its health check has passed, which means that GitLab has
  // accepted the replica.
  const last = findCurrentState(reports);
  if (last?.state === "waiting" || last?.state === "refused") {
    return { kind: last.state, reason: last.message };
  }
  // If its log cannot be read, GitLab's data decides.
  const accepted = last === undefined ? manager !== undefined : last.state === "online";
  if (!accepted && task.state !== "running") return { kind: "registering" };
  if (manager === undefined) return { kind: "online" };
  if (jobs.length > 0) return { kind: "running", jobs };
  if (manager.isBusy === true) return { kind: "busy" };
  return "isBusy" in manager && manager.isBusy === undefined
    ? { kind: "online" }
    : { kind: "idle" };
}

/** Explains why a task has no container: Swarm's error, or how the previous task ended. */
function explainStart(task: Task, predecessor: ReplicaFacts["predecessor"]): string {
  const words = predecessor?.reports.filter(({ state }) => state === "refused").pop()?.message;
  const ended = words ?? predecessor?.task.message;
  if (task.state === "pending" || ended === undefined) return `${task.state}: ${task.message}`;
  return `${task.state} (restart after: ${ended})`;
}

/** Formats a state in a few words. */
export function describeActivity(state: ReplicaActivity): string {
  switch (state.kind) {
    case "starting":
      return state.reason;
    case "waiting":
    case "refused":
      return `${state.kind}: ${state.reason}`;
    case "busy":
      return "busy, jobs not shown";
    case "running":
      return describeJobs(state.jobs);
    case "draining":
      return [`draining since ${shortTime(state.since)}`, ...jobsPart(state.jobs)].join(", ");
    case "stale": {
      const contact =
        state.lastContact === undefined ? "" : `, last contact ${shortTime(state.lastContact)}`;
      return ["stale manager", ...jobsPart(state.jobs)].join(", ") + contact;
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
