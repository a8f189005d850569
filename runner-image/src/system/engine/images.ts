import { isObject, parseJson } from "../../../../contract/json";
import type { Engine } from "./engine";
import { formatFilters, listObjects, readText, removeObject } from "./requests";

/** An image of an engine. */
export interface EngineImage {
  readonly id: string;
  /** Its tags, such as `registry.example.com/app:1`. */
  readonly tags: readonly string[];
  /** Its names with a digest, such as `registry.example.com/app@sha256:…`. */
  readonly digests: readonly string[];
  /** When it was built, in epoch milliseconds. */
  readonly builtMs: number;
}

/** Lists the images of an engine, also those without a name. */
export async function listImages(engine: Engine): Promise<readonly EngineImage[]> {
  return readObjects(await listObjects(engine, "/images/json")).flatMap((image) => {
    const { Id: id, RepoTags: tags, RepoDigests: digests, Created: built } = image;
    if (typeof id !== "string") return [];
    const builtMs = typeof built === "number" ? built * 1000 : 0;
    return [{ id, tags: readNames(tags), digests: readNames(digests), builtMs }];
  });
}

/** A container and the ID of its image. */
export interface ImageUse {
  readonly containerId: string;
  readonly imageId: string;
}

/** Lists what the containers of an engine use, in any state. */
export async function listImageUses(engine: Engine): Promise<readonly ImageUse[]> {
  return readObjects(await listObjects(engine, "/containers/json?all=1")).flatMap((container) => {
    const { Id: containerId, ImageID: imageId } = container;
    const isComplete = typeof containerId === "string" && typeof imageId === "string";
    return isComplete ? [{ containerId, imageId }] : [];
  });
}

/**
 * Finds out when an image was last tagged on its engine, in epoch milliseconds. The engine does not
 * know that of most images. Infinite for an image that somebody has just removed.
 */
export async function readTagTime(engine: Engine, { id }: EngineImage): Promise<number> {
  const image = await listObjects(engine, `/images/${id}/json`).catch(() => undefined);
  if (image === undefined) return Infinity;
  const metadata = isObject(image) ? image["Metadata"] : undefined;
  const time = isObject(metadata) ? metadata["LastTagTime"] : undefined;
  const ms = typeof time === "string" ? Date.parse(time) : 0;
  // The engine's zero time is in the year 1.
  return ms > 0 ? ms : 0;
}

/**
 * Reads when images were pulled, loaded or tagged, in epoch milliseconds, by ID or name. An engine
 * remembers only its latest events, of any kind.
 */
export async function readImageEvents(
  engine: Engine,
  sinceMs: number,
  untilMs: number,
): Promise<ReadonlyMap<string, number>> {
  const filters = formatFilters({ type: ["image"], event: ["pull", "tag", "load", "import"] });
  const [from, to] = [sinceMs, untilMs].map((ms) => String(Math.floor(ms / 1000)));
  const text = await readText(engine, `/events?since=${from ?? ""}&until=${to ?? ""}&${filters}`);
  const times = new Map<string, number>();
  for (const line of text.split("\n")) {
    const event = parseJson(line);
    if (!isObject(event) || typeof event["time"] !== "number") continue;
    const actor = isObject(event["Actor"]) ? event["Actor"] : {};
    const attributes = isObject(actor["Attributes"]) ? actor["Attributes"] : {};
    for (const name of [actor["ID"], attributes["name"]]) {
      if (typeof name === "string") times.set(name, event["time"] * 1000);
    }
  }
  return times;
}

/**
 * Removes an image with all its names, unless a container uses it.
 * @returns whether it is gone
 * @throws Error with the reason if the engine does not remove it, though nothing uses it
 */
export async function removeImage(engine: Engine, image: EngineImage): Promise<boolean> {
  // With its last name, the engine removes the image itself. It refuses an ID with several names.
  for (const name of [...image.tags, ...image.digests, image.id]) {
    if ((await removeObject(engine, `/images/${encodeURI(name)}`)) === "in use") return false;
  }
  return true;
}

function readObjects(list: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}

/** An image without a name has the name `<none>:<none>` on some engines. */
function readNames(names: unknown): readonly string[] {
  return Array.isArray(names)
    ? names.flatMap((name: unknown) =>
        typeof name === "string" && !name.includes("<none>") ? [name] : [],
      )
    : [];
}
