import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { writeFileAtomic } from "./files";

const schema = z.object({
  /** What the platform was started for. A demo stays up; a test run removes what it started. */
  purpose: z.optional(z.enum(["demo", "platform", "test"])),
  /** We started the engine; this is what the machine looked like before. */
  engine: z.optional(
    z.object({
      /** Network links, files and folders that did not exist. */
      links: z.array(z.string()),
      files: z.array(z.string()),
      /**
       * There were no firewall rules of Docker. The policy of FORWARD by program (`iptables`,
       * `ip6tables`).
       */
      firewall: z.optional(z.record(z.string(), z.string())),
      ipForward: z.string(),
    }),
  ),
  /** We initialized the swarm. The cluster's ID, missing if we were interrupted. */
  swarm: z.optional(z.object({ cluster: z.optional(z.string()) })),
  /** Networks that the swarm created. */
  networks: z.array(z.string()),
  /** Port of the registry that we started. */
  registryPort: z.optional(z.number()),
  /** Port of our fake GitLab. */
  gitlabPort: z.optional(z.number()),
  /** Images that we added to the engine, by name. */
  images: z.array(z.string()),
  /** Distribution packages that we installed. They stay. */
  packages: z.array(z.string()),
});

/**
 * What this checkout's platform created. Anything else existed before and is never changed or
 * removed.
 */
export type PlatformRecord = z.infer<typeof schema>;

const EMPTY: PlatformRecord = { networks: [], images: [], packages: [] };

const FILE = "created.json";

/**
 * Keeps the record in a file. Each thing is recorded before it is created, so an interruption
 * leaves nothing unrecorded. Only the holder of the platform's lock writes.
 */
export class RecordFile {
  private readonly file: string;

  constructor(state: string) {
    this.file = join(state, FILE);
  }

  /** The record, empty if nothing was created. */
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
    await writeFileAtomic(this.file, `${text}\n`);
  }

  /** Adds names to one of the lists. */
  async add(list: "networks" | "images" | "packages", ...names: string[]): Promise<void> {
    if (names.length === 0) return;
    await this.change((record) => ({
      ...record,
      [list]: [...new Set([...record[list], ...names])],
    }));
  }
}
