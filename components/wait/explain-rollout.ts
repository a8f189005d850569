import { formatDuration } from "../../contract/duration";
import { explainPullFailure } from "../../contract/pull-failure";
import { formatReplicaCount } from "../../contract/replica-count";
import { nameConditions } from "../placement/name-conditions";
import type { ReadSettings } from "../settings/read-arguments";
import { nameSettings } from "./name-settings";
import type { ReplicaTasks } from "./replica-tasks";
import type { ReplicaReport, ReportsByTask, Snapshot, Task } from "./snapshot";
import { isStopped, type UpdatePolicy } from "./update-policy";

/** Says what Swarm does after the failure of replicas. */
export function explainNext({
  failureAction,
  maxFailureRatio,
  nameOf,
}: UpdatePolicy): readonly string[] {
  const setting = nameOf("update.failureAction");
  const when =
    maxFailureRatio > 0
      ? `more replicas fail than ${nameOf("update.maxFailureRatio")} allows`
      : "one of these replicas ends";
  switch (failureAction) {
    case "rollback":
      return [
        `Swarm rolls the update back when ${when} (${setting}); after fixing the cause, run \`pulumi refresh\`, then \`pulumi up\``,
      ];
    case "pause":
      return [
        `Swarm pauses the update when ${when} (${setting}); after fixing the cause, run \`pulumi up\``,
      ];
    case "continue":
      return [
        `Swarm keeps trying to start these replicas (${setting}); after fixing the cause, run \`pulumi up\``,
      ];
  }
}

/** Says why Swarm does not reach the target of an update, and what to do. */
export function explainStop(update: Snapshot["update"], policy: UpdatePolicy): string {
  const again = "after fixing the cause, run `pulumi refresh`, then `pulumi up`";
  if (update === undefined || !isStopped(update)) {
    return `the service was modified outside this update: run \`pulumi refresh\`, then \`pulumi up\``;
  }
  const { message } = update;
  if (update.state === "paused") {
    return `Swarm paused the update (${message}); fix the cause, and run \`pulumi up\`; if that changes no setting, first continue the update with \`docker service update --detach SERVICE\`${explainDelay(policy)}`;
  }
  const keepsAll = policy.order === "start-first" && policy.parallelism === 0;
  const previous = keepsAll
    ? "the previous replicas keep running"
    : "Swarm restarts the previous replicas that have stopped";
  switch (update.state) {
    case "rollback_completed":
      return `Swarm has rolled the update back (${message}); ${again}`;
    case "rollback_paused":
      return `Swarm stopped rolling the update back, because a previous replica failed, too (${message}); ${again}`;
    default:
      return `Swarm is rolling the update back (${message}); ${previous}; ${again}`;
  }
}

/** After the failure, Swarm still waits for the delay, and ignores the command until then. */
function explainDelay({ delay: delaySeconds, nameOf }: UpdatePolicy): string {
  if (delaySeconds === 0) return "";
  return `, which Swarm ignores until ${formatDuration(delaySeconds)} after the pause (${nameOf("update.delay")})`;
}

/** Writes one line per reason, with the replicas that share it. */
export function explainReplicas(
  replicas: readonly ReplicaTasks[],
  reports: ReportsByTask,
  isGlobal: boolean,
): readonly string[] {
  const names = new Map<string, string[]>();
  for (const { name, tasks } of replicas) {
    // The newest task may have just replaced a failed one, which has the reason.
    const task =
      tasks.find(({ id, error }) => reports.get(id)?.last !== undefined || error !== "") ??
      tasks[0];
    const reason =
      task === undefined
        ? "Swarm has not created it yet"
        : describeReason(task, reports.get(task.id));
    names.set(reason, [...(names.get(reason) ?? []), name]);
  }
  return [...names].map(([reason, list]) => `${nameReplicas(list, isGlobal)}: ${reason}`);
}

/** Says that replicas have no task yet, and what Swarm says of the update that must create them. */
export function explainUncreated(count: number, update: Snapshot["update"]): readonly string[] {
  if (count <= 0) return [];
  const status = [update?.state ?? "none", update?.message ?? ""].filter((text) => text !== "");
  return [
    `Swarm has not created ${formatReplicaCount(count)} yet (status of the update: ${status.join(", ")})`,
  ];
}

/** Says why a global pool has no replica. */
export function explainNoReplica(
  service: string,
  { placement = {}, nameOf }: Pick<ReadSettings, "placement" | "nameOf">,
): string {
  const conditions = nameConditions(placement, nameOf);
  const which = conditions === "" ? "" : ` that meets ${conditions}`;
  return `service ${service} has no replica: ${nameOf("mode")} is global, and no node${which} is ready and active; Swarm starts a replica as soon as there is such a node`;
}

/** Names replicas: `replicas 1, 2` or `the replica on node worker-1`. */
function nameReplicas(names: readonly string[], isGlobal: boolean): string {
  const [list, s] = [names.join(", "), names.length > 1 ? "s" : ""];
  return isGlobal ? `the replica${s} on node${s} ${list}` : `replica${s} ${list}`;
}

function describeReason(
  { state, desiredState, error, node = "" }: Task,
  report: ReplicaReport | undefined,
): string {
  if (desiredState === "ready" && error === "" && report === undefined) {
    return "waits for the previous replica to stop";
  }
  const errors = error === "" ? [] : [explainPullFailure(error, node)];
  const reasons = [...describeLine(report?.last), ...errors];
  return reasons.join("; ") || `${state}, no log output yet`;
}

function describeLine(line: ReplicaReport["last"]): readonly string[] {
  if (line === undefined) return [];
  const message = nameSettings(line.message);
  return [line.state === "warning" ? message : `${line.state}: ${message}`];
}
