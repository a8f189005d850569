import { JOB_LABELS } from "../../../../contract/job-labels";
import type { Engine } from "./engine";
import { DEAD_STATES, readJobObjects, type JobObject } from "./job-object-list";
import { formatFilters, listObjects, mustRemove } from "./requests";

/** What is removed, and from where. */
export interface RemovingObjects {
  readonly engine: Engine;
  /** That of a replica that no longer runs. No running replica may have the same. */
  readonly systemId: string;
  /** Gets the ID of each container and network that was removed. */
  readonly removed: Set<string>;
  /** Cancels the requests. */
  readonly signal?: AbortSignal;
}

/** What could not be removed. */
export interface NotRemoved {
  readonly reason: string;
  /** Whether a job may still run. A network or a dead container does no harm. */
  readonly mayRun: boolean;
}

/**
 * Removes the containers and networks that jobs of a replica left on an engine. Nothing controls
 * these jobs anymore, and their services would run forever. Volumes stay, because later jobs use
 * them as caches. Networks come last, because the engine keeps one that a container uses. Never
 * rejects.
 * @returns undefined if nothing is left
 */
export async function removeJobObjects(removing: RemovingObjects): Promise<NotRemoved | undefined> {
  let mayRun = true;
  try {
    const containers = await removeAll(removing, CONTAINERS);
    mayRun = containers.left.some(({ state }) => !DEAD_STATES.includes(state));
    if (containers.reason !== undefined) return { reason: containers.reason, mayRun };
    const { reason } = await removeAll(removing, NETWORKS);
    return reason === undefined ? undefined : { reason, mayRun };
  } catch (error) {
    return { reason: (error as Error).message, mayRun };
  }
}

/** How the engine's API lists and removes objects of one kind. */
interface Kind {
  readonly path: string;
  readonly listQuery: string;
  readonly removeQuery: string;
}

const CONTAINERS: Kind = {
  path: "/containers",
  listQuery: "/json?all=1&",
  removeQuery: "?force=1&v=1",
};

const NETWORKS: Kind = { path: "/networks", listQuery: "?", removeQuery: "" };

interface Result {
  readonly left: readonly JobObject[];
  /** Why the first of them is left; undefined if none is. */
  readonly reason: string | undefined;
}

/**
 * Removes all objects of one kind. Only a list without them shows that they are gone: an engine
 * also refuses a removal because another one is in progress, which may fail.
 * @throws Error with the reason if the engine does not list them
 */
async function removeAll(removing: RemovingObjects, kind: Kind): Promise<Result> {
  const { engine, systemId, removed, signal } = removing;
  const limits = signal === undefined ? {} : { signal };
  const labels = [`${JOB_LABELS.systemId}=${systemId}`, `${JOB_LABELS.managed}=true`];
  const query = `${kind.path}${kind.listQuery}${formatFilters({ label: labels })}`;
  const list = async (): Promise<readonly JobObject[]> =>
    readJobObjects(await listObjects(engine, query, limits)).filter(
      (object) => object.systemId === systemId,
    );
  const objects = await list();
  if (objects.length === 0) return { left: [], reason: undefined };
  const outcomes = await Promise.allSettled(
    objects.map(({ id }) => mustRemove(engine, `${kind.path}/${id}${kind.removeQuery}`, limits)),
  );
  const left = await list();
  for (const { id } of objects) {
    if (!left.some((object) => object.id === id)) removed.add(id);
  }
  return { left, reason: findReason(kind, left, outcomes) };
}

function findReason(
  { path }: Kind,
  [left]: readonly JobObject[],
  outcomes: readonly PromiseSettledResult<void>[],
): string | undefined {
  if (left === undefined) return undefined;
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  return failed === undefined
    ? `the engine still has ${path}/${left.id}`
    : (failed.reason as Error).message;
}
