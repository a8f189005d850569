import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Name of the folders that the local platform keeps outside the checkout. */
const NAME = "gitlab-runner-pool";

/** Where one checkout's local platform keeps its files. */
export interface Paths {
  /** The checkout: the Pulumi program, package.json, runner-image/. */
  readonly project: string;
  /**
   * Everything that `npm run demo:down` deletes: records, logs, Pulumi's state and home, tokens.
   */
  readonly state: string;
  readonly logs: string;
  /**
   * What takes long to get and is the same for every checkout: built tools, root file systems of
   * images.
   */
  readonly cache: string;
  /**
   * Data of the engine that the platform starts. Not in the checkout, because Pulumi walks through
   * all folders of its program.
   */
  readonly engineData: string;
  /**
   * Sockets and pid files of that engine. Short, because a socket's path has at most 107
   * characters.
   */
  readonly engineRun: string;
}

/**
 * The folders of a checkout's local platform.
 * @param env `LOCAL_PLATFORM_DIR` moves the state out of the checkout, `XDG_CACHE_HOME` moves the
 * cache
 */
export function findPaths(
  project: string = resolve(__dirname, ".."),
  env: NodeJS.ProcessEnv = process.env,
): Paths {
  const state = resolve(project, env["LOCAL_PLATFORM_DIR"] ?? ".local");
  const id = createHash("sha256").update(state).digest("hex").slice(0, 8);
  return {
    project,
    state,
    logs: join(state, "log"),
    cache: join(env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), NAME),
    engineData: `/var/lib/${NAME}-${id}`,
    engineRun: `/run/${NAME}-${id}`,
  };
}
