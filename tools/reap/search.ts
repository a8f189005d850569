import { parseOnlineMessage } from "../../contract/online-message";
import { activeTasks } from "../docker/active-tasks";
import type { ReplicaLogReader } from "../docker/replica-lines";
import type { GitlabClient } from "../gitlab/client";
import { listManagers, listRunners } from "../gitlab/runners";
import { whyIncomplete } from "../gitlab/visibility";
import type { Inventory } from "./plan";
import { findRegistered } from "./registered-runners";
import type { Target } from "./targets";

/** GitLab's data about a pool. */
export interface SearchResult {
  readonly inventory: Inventory;
  /** Why the inventory may be incomplete; undefined if the token sees everything. */
  readonly incompleteReason: string | undefined;
}

/**
 * Searches GitLab for the pool's entries: in all runners that the token can list, and in those that
 * its replicas logged.
 */
export async function searchGitlab(
  target: Target,
  client: GitlabClient,
  log: ReplicaLogReader,
): Promise<SearchResult> {
  const named = await namedRunners(target, log);
  const { runners, isInstanceWide } = await listRunners(client);
  const listed = runners.map(({ id }) => id);
  const ids = [...new Set([...listed, ...named])];
  const { managers, hidden } = await listManagers(client, ids, (systemId) =>
    systemId.startsWith(target.systemIdPrefix),
  );
  // The list does not contain a runner's note, and the description alone would miss runners that
  // registered under an earlier `runnerName`.
  const owners = new Set([...named, ...managers.map(({ runnerId }) => runnerId)]);
  const likely = ids.filter(
    (id) =>
      owners.has(id) ||
      runners.some((one) => one.id === id && one.description.startsWith(target.runnerName)),
  );
  const registered = await findRegistered(client, target.systemIdPrefix, likely);
  const incompleteReason = whyIncomplete(
    { isInstanceWide, listed, hidden },
    {
      named,
      isFound: managers.length + registered.length > 0,
      registers: target.pool?.registers ?? registered.length > 0,
    },
  );
  return { inventory: { managers, registered }, incompleteReason };
}

/** Lists the IDs of the runners that a pool's running replicas logged when they came online. */
async function namedRunners({ pool }: Target, log: ReplicaLogReader): Promise<readonly number[]> {
  if (pool === undefined) return [];
  const { reports } = await log.read(pool);
  const numbers = activeTasks(pool)
    .flatMap(({ id }) => reports.get(id) ?? [])
    .filter(({ state }) => state === "online")
    .flatMap(({ message }) => parseOnlineMessage(message)?.runnerId ?? []);
  return [...new Set(numbers)];
}
