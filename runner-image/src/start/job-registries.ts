import { existsSync, lstatSync, mkdirSync, readlinkSync, symlinkSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { envOf } from "../../../contract/settings/keys";
import { formatDockerConfig } from "../../../contract/settings/types/job-registries";
import type { ReplicaSettings } from "../settings/settings";
import { writePrivate } from "../system/files";

const NAME = envOf("jobRegistries");

/**
 * Writes the logins of `jobRegistries` to the run folder, which is in memory in a pool, and links
 * to them where gitlab-runner looks for them. The link stays when the replica ends, because other
 * replicas may share the folder; without the file behind it, it has no effect.
 * @param file where to write them
 * @param home where gitlab-runner's docker executor looks: its own home, not that of the user with
 * whom the shell executor runs jobs
 * @returns the problem and what to do about it, or undefined
 */
export function provideJobRegistries(
  { jobRegistries }: ReplicaSettings,
  file: string,
  home: string = homedir(),
): string | undefined {
  if (jobRegistries === undefined) return undefined;
  const link = join(home, ".docker", "config.json");
  // gitlab-runner would read only one of the files.
  const files = [link, join(home, ".dockercfg")];
  try {
    const own = files.find((path) => isOwn(path, file));
    if (own !== undefined) {
      return `${NAME} cannot be used beside ${own}, which has logins too: move them to ${NAME} and remove the file, or unset ${NAME}`;
    }
    mkdirSync(dirname(link), { recursive: true, mode: 0o700 });
    if (!isThere(link)) symlinkSync(file, link);
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    // Otherwise, another replica that shares the folder made the link first.
    if (code !== "EEXIST" || isOwn(link, file)) {
      return `${NAME} cannot be used, because ${link} cannot be created (${code}): make ${dirname(link)} writable, for example with a tmpfs there`;
    }
  }
  writePrivate(file, formatDockerConfig(jobRegistries));
  return undefined;
}

/** Whether a path exists and is not the link to this file. */
function isOwn(path: string, file: string): boolean {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true)
    return existsSync(path);
  return readlinkSync(path) !== file;
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
