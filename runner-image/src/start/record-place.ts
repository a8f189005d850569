import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import type { Report } from "../log";
import type { ReplicaPaths } from "../system/paths";
import type { ReplicaSettings } from "../settings/settings";

export interface PlacingRecord {
  readonly paths: ReplicaPaths;
  /**
   * Descriptor of the configuration folder, which entrypoint.sh keeps open; undefined if it could
   * not be opened.
   */
  readonly folder: number | undefined;
  readonly report: Report;
  readonly tokenKind: ReplicaSettings["tokenKind"];
}

/**
 * Decides where a replica records the runner that it registers with a registration token: in the
 * configuration folder if a volume keeps that for the next replica, otherwise in this container.
 * The configuration folder is then locked for the life of the replica. Without the lock, one of two
 * running replicas would delete the other's runner when it stops.
 * @returns the record's path
 */
export async function placeRecord(context: PlacingRecord): Promise<string> {
  const { paths, folder, report, tokenKind } = context;
  const registers = tokenKind === "registration";
  // Recorded here before this container was restarted.
  if (existsSync(paths.record)) return paths.record;
  if (folder === undefined || !outlivesContainer(paths.folder)) return paths.record;
  if (!registers && !existsSync(paths.keptRecord)) return paths.record;
  const problem = await lock(folder);
  if (problem === undefined) return paths.keptRecord;
  if (registers) {
    report(
      "warning",
      `${paths.folder} ${problem}: this replica registers its own runner; if the replica is killed, delete that runner with \`npm run reap\``,
    );
  }
  return paths.record;
}

/** Whether the next container will find what is written to a folder. */
function outlivesContainer(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return !isAnonymousVolume(folder, readFileSync("/proc/self/mountinfo", "utf8"));
  } catch {
    return false;
  }
}

/**
 * Whether a folder is an anonymous volume, which Docker creates because the image declares one. No
 * other container gets it, and it is on the node's disk.
 * @param mounts content of /proc/self/mountinfo
 */
function isAnonymousVolume(folder: string, mounts: string): boolean {
  return mounts.split("\n").some((line) => {
    const [, , , root = "", point] = line.split(" ");
    return point === folder && /\/volumes\/[0-9a-f]{64}\/_data$/.test(root);
  });
}

/** Locks an open folder until entrypoint.sh ends. @returns the reason if it cannot be locked */
async function lock(folder: number): Promise<string | undefined> {
  const { spawnSync } = await import("node:child_process");
  // The lock belongs to the descriptor, which entrypoint.sh keeps open, so it outlives this
  // process.
  const stdio = ["ignore", "ignore", "ignore", folder] as const;
  const { status } = spawnSync("flock", ["-n", "3"], { stdio: [...stdio] });
  if (status === 0) return undefined;
  return status === 1 ? "is used by another replica" : "cannot be locked";
}
