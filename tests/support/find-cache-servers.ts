import { join } from "node:path";
import { installCacheServers, type CacheServers } from "../../dev/cache-servers/install";
import { Commands } from "../../dev/commands";
import { findPaths } from "../../dev/paths";

/** Returns the object storage servers. `npm test` has installed them before the first test. */
export function findCacheServers(): Promise<CacheServers> {
  const paths = findPaths();
  const commands = new Commands(join(paths.logs, "cache-servers.log"));
  return installCacheServers({ paths, commands, env: process.env }, () => undefined);
}
