import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context";
import { findDaemon, stopDaemon } from "../daemons";
import { eventually } from "../eventually";
import { removeTree } from "../files";
import type { Paths } from "../paths";

/** An engine first ends its containers, each with its own grace. */
const STOP_TIMEOUT_MS = 60_000;

/** Marks our dockerd, its containerd and its shims. */
export function engineMark({ state }: Paths): string {
  return `${state} engine`;
}

/** Ends the engine that we started, the orderly way as far as it goes; nothing of it runs or is mounted afterwards. */
export async function stopEngine(context: Context): Promise<void> {
  const mark = engineMark(context.paths);
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
  await endLeftovers(context);
}

/**
 * Ends what is left of an engine of ours that died: its containerd, shims and containers (a new engine would wait for
 * the old containerd), and what is still mounted.
 */
export async function endLeftovers({ paths, commands }: Context): Promise<void> {
  await stopDaemon(engineMark(paths), 5_000);
  for (const pid of await findContainerProcesses(paths)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended in between.
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

/** Processes of containers of an engine that cannot be asked any more: their control group names the container. */
async function findContainerProcesses({ engineData }: Paths): Promise<number[]> {
  const containers = await readdir(join(engineData, "data", "containers")).catch(() => []);
  if (containers.length === 0) return [];
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const groups = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cgroup`, "utf8").catch(() => "")),
  );
  return pids.filter((_, i) => containers.some((id) => groups[i]?.includes(id))).map(Number);
}

/** Mount points in the text of /proc/self/mountinfo that are in one of the folders, the deepest first. */
export function mountsBelow(mountinfo: string, folders: readonly string[]): string[] {
  return mountinfo
    .split("\n")
    .map((line) => (line.split(" ")[4] ?? "").replace(/\\040/g, " "))
    .filter((mount) => folders.some((folder) => mount.startsWith(`${folder}/`)))
    .sort((a, b) => b.length - a.length);
}
