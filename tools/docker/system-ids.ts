import { parseOnlineMessage } from "../../contract/online-message";
import { parseStartingMessage } from "../../contract/starting-message";
import { livingTasks } from "./living-tasks";
import type { Pool } from "./pools";
import type { Task } from "./pool-task";
import type { TimedLine } from "./replica-lines";

/** State lines of a pool's replicas, by task. */
type Said = ReadonlyMap<string, readonly TimedLine[]>;

/**
 * Finds the system ID of each living task of a pool: the one in its replica's log, otherwise one
 * that it may have and that GitLab knows, otherwise the first that it may have. No two tasks get
 * the same ID.
 * @param known system IDs in GitLab
 */
export function systemIdsByTask(
  pool: Pool,
  said: Said,
  known: readonly string[],
): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const { id } of livingTasks(pool)) {
    const own = saidBy(said.get(id) ?? []);
    if (own !== undefined) ids.set(id, own);
  }
  const taken = new Set(ids.values());
  for (const task of livingTasks(pool)) {
    if (ids.has(task.id)) continue;
    const free = task.systemIds.filter((systemId) => !taken.has(systemId));
    const systemId = free.find((one) => known.includes(one)) ?? free[0] ?? "";
    taken.add(systemId);
    ids.set(task.id, systemId);
  }
  return ids;
}

/** Lists every system ID that a living replica of a pool has or may have. */
export function livingSystemIds(pool: Pool, said: Said): readonly string[] {
  return livingTasks(pool).flatMap((task) => idsOf(task, said));
}

function idsOf({ id, systemIds }: Task, said: Said): readonly string[] {
  const own = saidBy(said.get(id) ?? []);
  return own === undefined ? systemIds : [own];
}

function saidBy(lines: readonly TimedLine[]): string | undefined {
  return lines
    .map(({ state, message }) =>
      state === "starting" ? parseStartingMessage(message) : parseOnlineMessage(message)?.systemId,
    )
    .filter((systemId) => systemId !== undefined)
    .pop();
}
