import { nextMinute36, type Instance } from "./instance";
import { finishJob } from "./jobs";
import { removeManager } from "./managers";
import { isStale } from "./runner-status";

/** Does what GitLab does periodically. Called every moment, and after each jump of the clock. */
export function sweep(instance: Instance): void {
  dropUnacknowledged(instance);
  dropOrphans(instance);
  cleanUpManagers(instance);
}

/** Two-phase commit: fails a job that its runner never started. */
function dropUnacknowledged(instance: Instance): void {
  const now = instance.clock.now();
  for (const job of [...instance.jobs.values()]) {
    if (job.status !== "pending" || job.ackDeadline === null || job.ackDeadline > now) continue;
    finishJob(instance, job, { status: "failed", failureReason: "runner_provisioning_timeout" });
  }
}

/** Fails a job whose runner has been silent. Until then GitLab assumes that it runs. */
function dropOrphans(instance: Instance): void {
  const silentSince = instance.clock.now() - instance.switches.orphanTimeoutSeconds * 1000;
  for (const job of [...instance.jobs.values()]) {
    if (job.status !== "running" && job.status !== "canceling") continue;
    if ((job.touchedAt ?? 0) > silentSince) continue;
    finishJob(instance, job, { status: "failed", failureReason: "no_updates_running" });
  }
}

/** Hourly at minute 36: removes managers without contact for seven days. */
function cleanUpManagers(instance: Instance): void {
  const now = instance.clock.now();
  if (now < instance.nextCleanUp) return;
  instance.nextCleanUp = nextMinute36(now);
  if (!instance.switches.cleanUpManagers) return;
  for (const manager of [...instance.managers.values()]) {
    if (isStale(manager.createdAt, manager.contactedColumn, now)) removeManager(instance, manager);
  }
}
