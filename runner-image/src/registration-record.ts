import { readIfThere, remove, writePrivate } from "./files";

/** A runner that a replica registered with a registration token. */
export interface RegistrationRecord {
  readonly gitlabUrl: string;
  readonly runnerId: number;
  readonly token: string;
}

/**
 * Notes a registration beside config.toml, where it outlives the replica on a volume. It alone proves that the runner is the
 * replica's own: a config.toml may also hold a runner that others share.
 */
export function writeRecord(path: string, record: RegistrationRecord): void {
  writePrivate(path, JSON.stringify(record));
}

/** The registration that was noted for this GitLab; undefined if there is none. */
export function readRecord(path: string, gitlabUrl: string): RegistrationRecord | undefined {
  try {
    const record = JSON.parse(readIfThere(path) ?? "null") as Partial<RegistrationRecord> | null;
    const { runnerId, token } = record ?? {};
    if (record?.gitlabUrl !== gitlabUrl || typeof token !== "string" || token === "") {
      return undefined;
    }
    return { gitlabUrl, runnerId: typeof runnerId === "number" ? runnerId : 0, token };
  } catch {
    return undefined;
  }
}

export function removeRecord(path: string): void {
  remove(path);
}
