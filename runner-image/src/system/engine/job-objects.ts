import { isObject } from "../../../../contract/json";
import { JOB_LABELS } from "../../../../contract/job-labels";
import type { Engine } from "./engine";
import { formatFilters, listObjects, mustRemove } from "./requests";

/** What is removed, and from where. */
export interface RemovingObjects {
  readonly engine: Engine;
  /** That of a replica that no longer runs. No running replica may have the same. */
  readonly systemId: string;
  /** Gets the ID of each container and network that was found. */
  readonly found: Set<string>;
  /** Cancels the requests. */
  readonly signal?: AbortSignal;
}

/**
 * Removes the containers and networks that jobs of a replica left on an engine. Nothing controls
 * these jobs anymore, and their services would run forever. Volumes stay, because later jobs use
 * them as caches. Networks come last, because the engine keeps one that a container uses.
 * @throws Error with the reason if any of them is still there
 */
export async function removeJobObjects(removing: RemovingObjects): Promise<void> {
  await removeAll(removing, "/containers", "/json?all=1&", "?force=1&v=1");
  await removeAll(removing, "/networks", "?", "");
}

/**
 * Removes all objects of one kind. Only a list without them shows that they are gone: an engine
 * also refuses a removal because another one is in progress, which may fail.
 */
async function removeAll(
  removing: RemovingObjects,
  kind: string,
  listQuery: string,
  removeQuery: string,
): Promise<void> {
  const { engine, systemId, found, signal } = removing;
  const limits = signal === undefined ? {} : { signal };
  const filters = formatFilters({ label: [`${JOB_LABELS.systemId}=${systemId}`] });
  const list = async (): Promise<readonly string[]> =>
    readIds(await listObjects(engine, `${kind}${listQuery}${filters}`, limits));
  const ids = await list();
  if (ids.length === 0) return;
  for (const id of ids) found.add(id);
  const outcomes = await Promise.allSettled(
    ids.map((id) => mustRemove(engine, `${kind}/${id}${removeQuery}`, limits)),
  );
  const [left] = await list();
  if (left === undefined) return;
  const refused = outcomes.find(({ status }) => status === "rejected");
  if (refused?.status === "rejected") throw refused.reason;
  throw new Error(`the engine still has ${kind}/${left}`);
}

/** @throws Error if it is not a list of objects with IDs */
function readIds(list: unknown): readonly string[] {
  if (!Array.isArray(list)) throw new Error("the engine did not answer with a list");
  return list.map((object: unknown) => {
    if (isObject(object) && typeof object["Id"] === "string") return object["Id"];
    throw new Error("the engine listed an object without an ID");
  });
}
