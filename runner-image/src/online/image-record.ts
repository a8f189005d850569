import { isObject, parseJson } from "../../../contract/json";
import type { EngineImage } from "../system/engine/images";
import { readIfThere, writePrivate } from "../system/files";

/**
 * What a replica remembers of the images between two checks: when it first saw each of them, and
 * which problem it has reported.
 */
export class ImageRecord {
  /** The problem that was reported last; undefined if there was none. */
  readonly reported: string | undefined;
  private readonly seen: ReadonlyMap<string, number> | undefined;
  private current = new Map<string, number>();

  constructor(private readonly path: string) {
    const content = read(path);
    this.reported = content?.reported;
    this.seen = content?.seen;
    this.current = new Map(this.seen);
  }

  /**
   * Notes the present images. One that was not there at the last check is new. Nothing is known of
   * those that the first check finds.
   */
  note(images: readonly EngineImage[], nowMs: number): void {
    const { seen } = this;
    this.current = new Map(
      images.map(({ id }) => [id, seen === undefined ? 0 : (seen.get(id) ?? nowMs)]),
    );
  }

  /** When an image was first seen, in epoch milliseconds; 0 if the first check found it. */
  firstSeenMs(id: string): number {
    return this.current.get(id) ?? 0;
  }

  save(reported: string | undefined): void {
    try {
      writePrivate(this.path, JSON.stringify({ seen: Object.fromEntries(this.current), reported }));
    } catch {
      // The disk is full. The next check then knows less.
    }
  }
}

function read(
  path: string,
):
  | { readonly seen: ReadonlyMap<string, number>; readonly reported: string | undefined }
  | undefined {
  const content = parseJson(readIfThere(path) ?? "");
  if (!isObject(content) || !isObject(content["seen"])) return undefined;
  const entries = Object.entries(content["seen"]);
  return {
    seen: new Map(entries.map(([id, ms]) => [id, typeof ms === "number" ? ms : 0])),
    reported: typeof content["reported"] === "string" ? content["reported"] : undefined,
  };
}
