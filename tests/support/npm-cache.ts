import { join } from "node:path";
import { mkdir } from "node:fs/promises";
import execa from "execa";

/**
 * Copies this machine's npm cache, so that jobs need not download the packages again. The cache
 * never changes, except for its index, to which npm appends.
 */
export async function copyNpmCache(to: string): Promise<void> {
  const { stdout } = await execa("npm", ["config", "get", "cache"]);
  const from = join(stdout.trim(), "_cacache");
  await mkdir(join(to, "_cacache"), { recursive: true });
  await execa("cp", ["-a", join(from, "index-v5"), join(to, "_cacache")]);
  const content = join(from, "content-v2");
  const linked = await execa("cp", ["-al", content, join(to, "_cacache")], { reject: false });
  if (linked.exitCode !== 0) await execa("cp", ["-a", content, join(to, "_cacache")]);
}
