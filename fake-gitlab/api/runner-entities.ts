import { isoTime } from "../state/clock";
import type { Instance } from "../state/instance";
import type { Job } from "../state/job";
import { listManagers } from "../state/managers";
import { isOnline, managerStatus, runnerStatus } from "../state/runner-status";
import type { Manager, Runner } from "../state/types";
import { groupEntity, projectBasics } from "./place-entities";

type Entity = Record<string, unknown>;

/** A runner in a list. */
export function runnerBasics(instance: Instance, runner: Runner): Entity {
  const now = instance.clock.now();
  return {
    id: runner.id,
    description: runner.description,
    // Only managers have an address.
    ip_address: null,
    active: !runner.paused,
    paused: runner.paused,
    is_shared: runner.type === "instance_type",
    runner_type: runner.type,
    name: runner.name,
    online: isOnline(runner.contactedAt, now),
    created_at: isoTime(runner.createdAt),
    created_by: creator(instance, runner),
    status: runnerStatus(runner, now),
    job_execution_status: isRunning(instance, (job) => job.runnerId === runner.id),
  };
}

/** A single runner, without its token. */
export function runnerDetails(instance: Instance, runner: Runner, mayUpdate: boolean): Entity {
  const manager = latestManager(instance, runner)?.details;
  const projects = runner.projectIds.flatMap((id) => instance.projects.get(id) ?? []);
  const group = instance.groups.get(runner.groupId ?? -1);
  return {
    ...runnerBasics(instance, runner),
    tag_list: runner.tags,
    run_untagged: runner.runUntagged,
    locked: runner.locked,
    maximum_timeout: runner.maximumTimeout,
    access_level: runner.accessLevel,
    version: manager?.version ?? null,
    revision: manager?.revision ?? null,
    platform: manager?.platform ?? null,
    architecture: manager?.architecture ?? null,
    contacted_at: isoTime(runner.contactedAt),
    maintenance_note: mayUpdate ? runner.maintenanceNote : null,
    projects: projects.map((project) => projectBasics(instance, project)),
    groups: group === undefined ? [] : [groupEntity(instance, group)],
  };
}

/** A manager of a runner. */
export function managerEntity(instance: Instance, manager: Manager): Entity {
  const { version, revision, platform, architecture, ipAddress } = manager.details;
  return {
    id: manager.id,
    system_id: manager.systemId,
    version,
    revision,
    platform,
    architecture,
    created_at: isoTime(manager.createdAt),
    contacted_at: isoTime(manager.contactedAt),
    ip_address: ipAddress,
    status: managerStatus(manager, instance.clock.now()),
    job_execution_status: isRunning(instance, (job) => job.managerId === manager.id),
  };
}

/** The manager with the latest contact. */
function latestManager(instance: Instance, runner: Runner): Manager | undefined {
  const managers = [...listManagers(instance, runner.id)];
  return managers.sort((a, b) => (b.contactedAt ?? 0) - (a.contactedAt ?? 0))[0];
}

function isRunning(instance: Instance, isMine: (job: Job) => boolean): "active" | "idle" {
  const jobs = [...instance.jobs.values()].filter(isMine);
  return jobs.some(({ status }) => status === "running" || status === "canceling")
    ? "active"
    : "idle";
}

function creator(instance: Instance, runner: Runner): Entity | null {
  const user = instance.users.get(runner.creatorId ?? -1);
  return user === undefined ? null : { id: user.id, username: user.username, name: user.name };
}
