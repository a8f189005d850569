import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context";
import { findDaemon, stopDaemon } from "../daemons";
import { eventually } from "../eventually";
import { removeTree } from "../files";
import type { Paths } from "../paths";

/** A stopping engine first stops its containers, each with its own grace period. */
const STOP_TIMEOUT_MS = 60_000;

/** Identifies our dockerd, its containerd and its shims. */
export function engineDaemonId({ state }: Paths): string {
  return `${state} engine`;
}

/**
 * Stops the engine that we started, cleanly if possible. Afterwards none of its processes runs and
 * none of its mounts remains.
 */
export async function stopEngine(context: Context): Promise<void> {
  const mark = engineDaemonId(context.paths);
  for (const pid of await findDaemon(mark)) {
    const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
    if (name.trim() === "dockerd") process.kill(pid, "SIGTERM");
  }
  await eventually(async () => !(await isRunning(mark)), {
    what: "dockerd to end",
    timeoutMs: STOP_TIMEOUT_MS,
  }).catch((error: unknown) => {
    context.commands.note(String(error));
  });
  await cleanUpEngine(context);
}

/**
 * Cleans up after our engine died: ends its containerd, shims and containers (a new engine would
 * wait for the old containerd), and unmounts its file systems.
 */
export async function cleanUpEngine({ paths, commands }: Context): Promise<void> {
  await stopDaemon(engineDaemonId(paths), 5_000);
  for (const pid of await findContainerProcesses(paths)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended in the meantime.
    }
  }
  const mounts = mountsBelow(await readFile("/proc/self/mountinfo", "utf8"), [
    paths.engineData,
    paths.engineRun,
  ]);
  for (const mount of mounts) {
    await commands.run("umount", ["--lazy", mount]).catch(() => undefined);
  }
  await removeTree(join(paths.engineRun, "pid"));
}

async function isRunning(mark: string): Promise<boolean> {
  const names = await Promise.all(
    (await findDaemon(mark)).map((pid) => readFile(`/proc/${pid}/comm`, "utf8").catch(() => "")),
  );
  return names.some((name) => name.trim() === "dockerd");
}

/**
 * Container processes of an engine that no longer answers. Their control group contains the
 * container's ID.
 */
async function findContainerProcesses({ engineData }: Paths): Promise<number[]> {
  const containers = await readdir(join(engineData, "data", "containers")).catch(() => []);
  if (containers.length === 0) return [];
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const groups = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cgroup`, "utf8").catch(() => "")),
  );
  return pids.filter((_, i) => containers.some((id) => groups[i]?.includes(id))).map(Number);
}

/** Mount points in /proc/self/mountinfo that are in one of the folders, the deepest first. */
function mountsBelow(mountinfo: string, folders: readonly string[]): string[] {
  return mountinfo
    .split("\n")
    .map((line) => (line.split(" ")[4] ?? "").replace(/\\040/g, " "))
    .filter((mount) => folders.some((folder) => mount.startsWith(`${folder}/`)))
    .sort((a, b) => b.length - a.length);
}
