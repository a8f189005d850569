import { parseOnlineMessage } from "../../contract/online-message";
import { livingTasks } from "../docker/living-tasks";
import type { ReplicaLogReader } from "../docker/replica-lines";
import type { GitlabClient } from "../gitlab/client";
import { listManagers, listRunners } from "../gitlab/runners";
import { unseenReason } from "../gitlab/sight";
import type { Found } from "./plan";
import { findRegistered } from "./registered-runners";
import type { Target } from "./targets";

/** GitLab's data about a pool. */
export interface Look {
  readonly found: Found;
  /** Why there may be more; undefined if the token sees everything. */
  readonly unseen: string | undefined;
}

/**
 * Searches GitLab for what belongs or belonged to the pool: in all runners that the token lists,
 * and in those that its replicas logged.
 */
export async function lookFor(
  target: Target,
  client: GitlabClient,
  log: ReplicaLogReader,
): Promise<Look> {
  const named = await namedRunners(target, log);
  const { runners, isWhole } = await listRunners(client);
  const listed = runners.map(({ id }) => id);
  const ids = [...new Set([...listed, ...named])];
  const { managers, hidden } = await listManagers(client, ids, (systemId) =>
    systemId.startsWith(target.mark),
  );
  // A runner's note is not in the list. Its description alone would miss a runner from before a
  // renaming.
  const owners = new Set([...named, ...managers.map(({ runnerId }) => runnerId)]);
  const likely = ids.filter(
    (id) =>
      owners.has(id) ||
      runners.some((one) => one.id === id && one.description.startsWith(target.runnerName)),
  );
  const registered = await findRegistered(client, target.mark, likely);
  const unseen = unseenReason(
    { isWhole, listed, hidden },
    {
      named,
      isFound: managers.length + registered.length > 0,
      registers: target.pool?.registers ?? registered.length > 0,
    },
  );
  return { found: { managers, registered }, unseen };
}

/** Lists the IDs of the runners that the living replicas of a pool logged when they came online. */
async function namedRunners({ pool }: Target, log: ReplicaLogReader): Promise<readonly number[]> {
  if (pool === undefined) return [];
  const { said } = await log.read(pool);
  const numbers = livingTasks(pool)
    .flatMap(({ id }) => said.get(id) ?? [])
    .filter(({ state }) => state === "online")
    .flatMap(({ message }) => parseOnlineMessage(message)?.runnerId ?? []);
  return [...new Set(numbers)];
}
