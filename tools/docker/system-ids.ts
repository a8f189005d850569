import { parseOnlineMessage } from "../../contract/online-message";
import { parseStartingMessage } from "../../contract/starting-message";
import { activeTasks } from "./active-tasks";
import type { Pool } from "./pools";
import type { Task } from "./pool-task";
import type { ReportsByTask, TimedLine } from "./replica-lines";

/**
 * Finds the system ID of each active task of a pool: the one in its replica's log, otherwise the
 * first possible one that GitLab knows, otherwise the first possible one. No two tasks get the same
 * ID.
 * @param known system IDs in GitLab
 */
export function systemIdsByTask(
  pool: Pool,
  reports: ReportsByTask,
  known: readonly string[],
): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const { id } of activeTasks(pool)) {
    const own = reportedId(reports.get(id) ?? []);
    if (own !== undefined) ids.set(id, own);
  }
  const taken = new Set(ids.values());
  for (const task of activeTasks(pool)) {
    if (ids.has(task.id)) continue;
    const free = task.systemIds.filter((systemId) => !taken.has(systemId));
    const systemId = free.find((one) => known.includes(one)) ?? free[0] ?? "";
    taken.add(systemId);
    ids.set(task.id, systemId);
  }
  return ids;
}

/** Lists every system ID that a running replica of a pool uses or may use. */
export function activeSystemIds(pool: Pool, reports: ReportsByTask): readonly string[] {
  return activeTasks(pool).flatMap((task) => possibleIds(task, reports));
}

function possibleIds({ id, systemIds }: Task, reports: ReportsByTask): readonly string[] {
  const own = reportedId(reports.get(id) ?? []);
  return own === undefined ? systemIds : [own];
}

function reportedId(lines: readonly TimedLine[]): string | undefined {
  return lines
    .map(({ state, message }) =>
      state === "starting" ? parseStartingMessage(message) : parseOnlineMessage(message)?.systemId,
    )
    .filter((systemId) => systemId !== undefined)
    .pop();
}
