import { statfsSync } from "node:fs";
import { formatBytes } from "../../../contract/bytes";
import { wallClockMs } from "../system/clock";
import type { Engine } from "../system/engine/engine";
import {
  listImages,
  listImageUses,
  readImageEvents,
  readTagTime,
  removeImage,
  type EngineImage,
} from "../system/engine/images";
import type { Report } from "../log";
import type { ImageLimit } from "../system/state-file";
import {
  chooseImages,
  listHelperRepositories,
  listRepositories,
  matchRepository,
  YOUNG_MS,
  type ImageChoice,
} from "./choose-images";
import { ImageRecord } from "./image-record";

/** How full a disk is. */
export interface DiskUsage {
  readonly usedBytes: number;
  /** Of what is not reserved, as `df` shows it. */
  readonly percent: number;
}

export interface LimitingImages {
  readonly engine: Engine;
  readonly limit: ImageLimit;
  /** File in which this program remembers the images. */
  readonly record: string;
  readonly readUsage: () => DiskUsage;
  readonly report: Report;
  /** @default the machine's time, in epoch milliseconds */
  readonly nowMs?: number;
}

/**
 * Removes unused images while the disk of a replica's engine is fuller than the limit. Notes which
 * images there are in any case, because the engine does not know when an image was pulled. Never
 * rejects.
 */
export async function limitImages(context: LimitingImages): Promise<void> {
  const { limit, readUsage, report } = context;
  const record = new ImageRecord(context.record);
  const before = readUsage();
  const removed: EngineImage[] = [];
  const reason = await removeWhileFull(context, record, removed).catch(
    (error: unknown) => (error as Error).message,
  );
  const after = readUsage();
  if (removed.length > 0) {
    const freed = formatBytes(Math.max(0, before.usedBytes - after.usedBytes));
    report(
      "warning",
      `removed ${describe(removed)}, which freed ${freed}: the disk of the engine was ${show(before)} full and is now ${show(after)} full (\`docker.imageDiskLimit\`: ${limit.percent}%)`,
    );
  }
  const problem = after.percent > limit.percent ? reason : undefined;
  if (problem !== undefined && problem !== record.reported) {
    report(
      "warning",
      `the disk of the engine is ${show(after)} full, above \`docker.imageDiskLimit\` (${limit.percent}%): ${problem}`,
    );
  }
  record.save(problem);
}

/** @returns why no further image is removed; undefined if the disk is not too full */
async function removeWhileFull(
  context: LimitingImages,
  record: ImageRecord,
  removed: EngineImage[],
): Promise<string | undefined> {
  const { engine, limit, readUsage, nowMs = wallClockMs() } = context;
  const images = await listImages(engine);
  record.note(images, nowMs);
  const isFull = (): boolean => readUsage().percent > limit.percent;
  if (!isFull()) return undefined;
  const { removable, kept } = await choose(context, images, record, nowMs);
  const reasons = new Set<string>(kept);
  let problem: string | undefined;
  for (const image of removable) {
    if (!isFull()) return undefined;
    try {
      if (await removeUnused(engine, image)) removed.push(image);
      else reasons.add("in use");
    } catch (error) {
      problem ??= (error as Error).message;
    }
  }
  if (problem !== undefined) return problem;
  return reasons.size === 0
    ? "no unused image is left"
    : `all remaining images are ${[...reasons].sort().join(" or ")}`;
}

/** @returns whether it is gone */
async function removeUnused(engine: Engine, image: EngineImage): Promise<boolean> {
  // A job may have begun to use it. Of an image with several names, the engine would remove one.
  const uses = await listImageUses(engine);
  return uses.every(({ imageId }) => imageId !== image.id) && removeImage(engine, image);
}

async function choose(
  { engine, limit }: LimitingImages,
  images: readonly EngineImage[],
  record: ImageRecord,
  nowMs: number,
): Promise<ImageChoice> {
  const uses = await listImageUses(engine);
  const used = new Set(uses.map(({ imageId }) => imageId));
  const ownId = uses.find(({ containerId }) => containerId === limit.ownContainer)?.imageId;
  const own = images.filter(({ id }) => id === ownId).flatMap(listRepositories);
  const events = await readImageEvents(engine, nowMs - YOUNG_MS, nowMs);
  const arrivedMs = new Map<string, number>();
  for (const image of images) {
    const { id, tags, digests, builtMs } = image;
    const eventMs = [id, ...tags, ...digests].map((name) => events.get(name) ?? 0);
    const tagMs = used.has(id) ? 0 : await readTagTime(engine, image);
    arrivedMs.set(id, Math.max(builtMs, tagMs, record.firstSeenMs(id), ...eventMs));
  }
  const ownRepositories = [
    ...own.map(matchRepository),
    ...listHelperRepositories(limit.helperImage ?? undefined),
  ];
  return chooseImages(images, { used, ownRepositories, arrivedMs, nowMs });
}

/** Measures the file system of a path. */
export function readDiskUsage(path: string): DiskUsage {
  const { bsize, blocks, bfree, bavail } = statfsSync(path);
  const used = blocks - bfree;
  return { usedBytes: used * bsize, percent: (100 * used) / Math.max(1, used + bavail) };
}

/** How many images a message names. */
const MAX_NAMED = 10;

function describe(images: readonly EngineImage[]): string {
  const names = images.map(({ tags, digests, id }) => tags[0] ?? digests[0] ?? id.slice(0, 19));
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : "";
  const count = names.length === 1 ? "1 unused image" : `${names.length} unused images`;
  return `${count} (${names.slice(0, MAX_NAMED).join(", ")}${more})`;
}

/** Rounds up, as `df` does. */
function show({ percent }: DiskUsage): string {
  return `${Math.ceil(percent)}%`;
}
