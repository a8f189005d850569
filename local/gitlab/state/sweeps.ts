import { nextMinute36, type Instance } from "./instance";
import { finishJob } from "./jobs";
import { removeManager } from "./managers";
import { isStale } from "./runner-status";

/** What GitLab does by itself as time passes. Called every moment, and after each jump of the clock. */
export function sweep(instance: Instance): void {
  dropUnacknowledged(instance);
  dropOrphans(instance);
  cleanUpManagers(instance);
}

/** Two-phase commit: a job that its runner never started. */
function dropUnacknowledged(instance: Instance): void {
  const now = instance.clock.now();
  for (const job of [...instance.jobs.values()]) {
    if (job.status !== "pending" || job.ackDeadline === null || job.ackDeadline > now) continue;
    finishJob(instance, job, { status: "failed", failureReason: "runner_provisioning_timeout" });
  }
}

/** A job whose runner fell silent. Until then GitLab believes that it runs. */
function dropOrphans(instance: Instance): void {
  const silentSince = instance.clock.now() - instance.switches.orphanTimeoutSeconds * 1000;
  for (const job of [...instance.jobs.values()]) {
    if (job.status !== "running" && job.status !== "canceling") continue;
    if ((job.touchedAt ?? 0) > silentSince) continue;
    finishJob(instance, job, { status: "failed", failureReason: "stuck_or_timeout_failure" });
  }
}

/** Hourly at minute 36: managers not heard of for seven days. */
function cleanUpManagers(instance: Instance): void {
  const now = instance.clock.now();
  if (now < instance.nextCleanUp) return;
  instance.nextCleanUp = nextMinute36(now);
  if (!instance.switches.cleanUpManagers) return;
  for (const manager of [...instance.managers.values()]) {
    if (isStale(manager.createdAt, manager.contactedColumn, now)) removeManager(instance, manager);
  }
}
