import type * as docker from "@pulumi/docker";
import { DOCKER_CONFIG_FOLDER, WORKING_DIRECTORY } from "../../../contract/replica-paths";
import { resolvePath } from "../../../contract/reserved-paths";
import { findEngineSocket } from "../../../contract/settings/engine-socket";
import { NODE_SOCKET } from "../../../contract/settings/types/engine-host";
import type { PoolSettings } from "../../settings/pool-settings";

type Container = docker.types.input.ServiceTaskSpecContainerSpec;
type Mount = docker.types.input.ServiceTaskSpecContainerSpecMount;

interface Tmpfs extends Mount {
  readonly type: "tmpfs";
  readonly target: string;
}

const MIB = 1024 * 1024;

/**
 * What the shell executor needs: to run jobs as the user gitlab-runner, and for su, which does
 * that, to end the shell of a canceled job.
 */
const SHELL_CAPABILITIES = ["KILL", "SETGID", "SETUID"];

/**
 * A socket other than that of the node's Docker engine may belong to another user than root, as
 * those of rootless engines do.
 */
const FOREIGN_SOCKET_CAPABILITIES = ["DAC_OVERRIDE"];

/** What limits the container of a replica, apart from its mounts. */
export interface Hardening {
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly readOnlyRoot: boolean;
}

/** Decides what limits the container of a replica. */
export function decideHardening(settings: PoolSettings): Hardening {
  return {
    capAdd: [...new Set([...listNeeded(settings), ...(settings.capAdd ?? [])])].sort(),
    capDrop: ["ALL"],
    readOnlyRoot: hasReadOnlyRoot(settings),
  };
}

/** Builds what limits the container of a replica. */
export function buildHardening(
  settings: PoolSettings,
): Pick<Container, "capAdds" | "capDrops" | "readOnly"> {
  const { capAdd, capDrop, readOnlyRoot } = decideHardening(settings);
  return {
    capDrops: [...capDrop],
    // The provider would report an empty list and `false` as changes.
    ...(capAdd.length === 0 ? {} : { capAdds: [...capAdd] }),
    ...(readOnlyRoot ? { readOnly: true } : {}),
  };
}

function listNeeded(settings: PoolSettings): readonly string[] {
  if (settings.executor === "shell") return SHELL_CAPABILITIES;
  const socket = findEngineSocket(settings);
  return socket === undefined || socket === NODE_SOCKET ? [] : FOREIGN_SOCKET_CAPABILITIES;
}

function hasReadOnlyRoot(settings: PoolSettings): boolean {
  return settings.executor === "docker" && settings.readOnlyRoot !== false;
}

/**
 * Lists the folders that must be writable although the root file system is not. They are in memory,
 * and small: with the docker executor, gitlab-runner writes no file there, but it may start other
 * programs that do, such as credential helpers. The working directory would otherwise be a volume
 * on the node's disk, because GitLab's image declares one. A mount of the user's takes the place of
 * one of these.
 */
export function listWritableMounts(settings: PoolSettings): readonly Mount[] {
  if (!hasReadOnlyRoot(settings)) return [];
  const own = new Set(settings.mounts?.map(({ target }) => resolvePath(target)));
  return listFolders(settings).filter(({ target }) => !own.has(target));
}

function listFolders(settings: PoolSettings): readonly Tmpfs[] {
  return [
    // Its mode is 1777 by default. Swarm drops the sticky bit of a given mode, which the provider
    // would report as a change.
    buildTmpfs("/tmp", undefined, 64 * MIB),
    buildTmpfs(WORKING_DIRECTORY, 0o755, 16 * MIB),
    // A replica makes a link there, to a file in its run folder.
    ...(settings.secrets.has("jobRegistries")
      ? [buildTmpfs(DOCKER_CONFIG_FOLDER, 0o700, MIB)]
      : []),
  ];
}

/** Builds a folder in memory. */
export function buildTmpfs(target: string, mode: number | undefined, sizeBytes: number): Tmpfs {
  const tmpfsOptions = { ...(mode === undefined ? {} : { mode }), sizeBytes };
  return { type: "tmpfs", target, readOnly: false, tmpfsOptions };
}
