import type { Manager, Runner } from "./types";

const ONLINE_WITHIN = 2 * 3_600_000;
const STALE_AFTER = 7 * 86_400_000;

export type ManagerStatus = "online" | "offline" | "stale" | "never_contacted";
export type RunnerStatus = ManagerStatus | "paused";

/** Whether the last contact was less than two hours ago. Nothing shows a dead process sooner. */
export function isOnline(contactedAt: number | null, now: number): boolean {
  return contactedAt !== null && contactedAt > now - ONLINE_WITHIN;
}

/** Whether both its creation and its last contact were at least seven days ago. */
export function isStale(createdAt: number, contactedAt: number | null, now: number): boolean {
  return Math.max(createdAt, contactedAt ?? 0) <= now - STALE_AFTER;
}

export function managerStatus(manager: Manager, now: number): ManagerStatus {
  if (isStale(manager.createdAt, manager.contactedAt, now)) return "stale";
  if (manager.contactedAt === null) return "never_contacted";
  return isOnline(manager.contactedAt, now) ? "online" : "offline";
}

export function runnerStatus(runner: Runner, now: number): RunnerStatus {
  if (isStale(runner.createdAt, runner.contactedAt, now)) return "stale";
  if (runner.contactedAt === null) return "never_contacted";
  if (runner.paused) return "paused";
  return isOnline(runner.contactedAt, now) ? "online" : "offline";
}
