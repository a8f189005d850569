import { readIfThere, remove, tryToRemove, writePrivate } from "./files";
import type { ReplicaPaths } from "./paths";

/** A runner that a replica registered with a registration token. */
export interface RegistrationRecord {
  readonly gitlabUrl: string;
  readonly runnerId: number;
  readonly token: string;
}

/**
 * Records a registration for the next replica. Only this record proves that the replica registered
 * the runner itself: a config.toml may also hold a runner that others share.
 */
export function writeRecord(path: string, record: RegistrationRecord): void {
  writePrivate(path, JSON.stringify(record));
}

/** Reads the recorded registration for this GitLab. @returns undefined if there is none */
export function readRecord(path: string, gitlabUrl: string): RegistrationRecord | undefined {
  const record = parseRecord(path);
  const { runnerId, token } = record ?? {};
  if (record?.gitlabUrl !== gitlabUrl || typeof token !== "string" || token === "") {
    return undefined;
  }
  return { gitlabUrl, runnerId: typeof runnerId === "number" ? runnerId : 0, token };
}

export function removeRecord(path: string): void {
  remove(path);
}

/**
 * Removes the record of a deleted runner, but not of another runner. A record that cannot be
 * removed does no harm: GitLab rejects the runner when the next replica tries it, and that replica
 * registers another runner.
 */
export function forgetRunner(
  { record, keptRecord }: Pick<ReplicaPaths, "record" | "keptRecord">,
  token: string,
): void {
  for (const path of [record, keptRecord]) {
    if (parseRecord(path)?.token === token) tryToRemove(path);
  }
}

function parseRecord(path: string): Partial<RegistrationRecord> | undefined {
  try {
    return (
      (JSON.parse(readIfThere(path) ?? "null") as Partial<RegistrationRecord> | null) ?? undefined
    );
  } catch {
    return undefined;
  }
}
