import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { writeFileWhole } from "./files";

const schema = z.object({
  /** What the platform was brought up for: a demo stays up, a test run takes down what it brought up. */
  purpose: z.optional(z.enum(["demo", "platform", "test"])),
  /** We started the engine; what the machine looked like before. */
  engine: z.optional(
    z.object({
      /** Network links, files and folders that were not there. */
      links: z.array(z.string()),
      files: z.array(z.string()),
      /** There were no firewall rules of Docker; the policy of FORWARD by program (`iptables`, `ip6tables`). */
      firewall: z.optional(z.record(z.string(), z.string())),
      ipForward: z.string(),
    }),
  ),
  /** We made this node a swarm; the cluster's id, unknown if we were stopped in between. */
  swarm: z.optional(z.object({ cluster: z.optional(z.string()) })),
  /** Networks that came with it. */
  networks: z.array(z.string()),
  /** Port of the registry that we started. */
  registryPort: z.optional(z.number()),
  /** Port of our GitLab stand-in. */
  gitlabPort: z.optional(z.number()),
  /** Images that we put into the engine, by name. */
  images: z.array(z.string()),
  /** Packages of the distribution that we installed; they stay. */
  packages: z.array(z.string()),
});

/** What this checkout's platform created; what is not in it was there before and is never changed or removed. */
export type PlatformRecord = z.infer<typeof schema>;

const EMPTY: PlatformRecord = { networks: [], images: [], packages: [] };

const FILE = "created.json";

/**
 * Keeps the record in a file. Things are entered before they are created, so that an interruption in between leaves
 * nothing unknown. Only the holder of the platform's lock writes.
 */
export class RecordFile {
  private readonly file: string;

  constructor(state: string) {
    this.file = join(state, FILE);
  }

  /** The record; an empty one if nothing was created. */
  async read(): Promise<PlatformRecord> {
    const text = await readFile(this.file, "utf8").catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    });
    return text === undefined ? EMPTY : schema.parse(JSON.parse(text));
  }

  /** Changes the record. */
  async change(change: (record: PlatformRecord) => PlatformRecord): Promise<void> {
    const text = JSON.stringify(change(await this.read()), undefined, 2);
    await writeFileWhole(this.file, `${text}\n`);
  }

  /** Enters names into one of the lists. */
  async add(list: "networks" | "images" | "packages", ...names: string[]): Promise<void> {
    if (names.length === 0) return;
    await this.change((record) => ({
      ...record,
      [list]: [...new Set([...record[list], ...names])],
    }));
  }
}
