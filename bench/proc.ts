import { readdir, readFile } from "node:fs/promises";
import type Docker from "dockerode";

/** The process that every setup needs. Its cost does not count. */
const RUNNER = "gitlab-runner";

/** The engine's processes, which run the probes of health checks. */
const ENGINE = /^(?:dockerd|containerd|containerd-shim.*)$/;

/** Unit of the times in /proc/PID/stat, fixed by the kernel's interface. */
const TICKS_PER_SECOND = 100;

interface Process {
  readonly pid: number;
  /** Name, which the kernel cuts off after 15 characters. */
  readonly name: string;
}

/** Lists the processes of a container with their process IDs on the host. */
export async function listProcesses(container: Docker.Container): Promise<Process[]> {
  const { Titles, Processes } = (await container.top({ ps_args: "-eo pid,comm" })) as {
    Titles: string[];
    Processes: string[][];
  };
  const pid = Titles.indexOf("PID");
  const name = Titles.indexOf("COMMAND");
  return Processes.map((row) => ({ pid: Number(row[pid]), name: row[name] ?? "" }));
}

/** Reads a container's memory (proportional set size, MB), excluding gitlab-runner. */
export async function readOwnMemory(container: Docker.Container): Promise<number> {
  const others = (await listProcesses(container)).filter(({ name }) => name !== RUNNER);
  const sizes = await Promise.all(others.map(({ pid }) => readPss(pid)));
  return sizes.reduce((sum, size) => sum + size, 0) / 1024;
}

/** @returns kB */
async function readPss(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, "utf8");
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? NaN);
}

/** Reads a container's CPU time in seconds, excluding gitlab-runner. */
export async function readOwnCpuTime(container: Docker.Container): Promise<number> {
  const runner = (await listProcesses(container)).find(({ name }) => name === RUNNER);
  if (runner === undefined) throw new Error("gitlab-runner is not running in the container");
  return (await readContainerTime(container)) - (await readThreadTime(runner.pid));
}

/** Reads a container's CPU time in seconds. */
export async function readContainerTime(container: Docker.Container): Promise<number> {
  const stats = await container.stats({ stream: false, "one-shot": true });
  return stats.cpu_stats.cpu_usage.total_usage / 1e9;
}

/**
 * Reads the CPU time of a process's threads in seconds. /proc/PID/stat only counts hundredths of a
 * second.
 */
async function readThreadTime(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`);
  const times = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/schedstat`, "utf8")),
  );
  return times.reduce((sum, text) => sum + Number(text.split(" ")[0]), 0) / 1e9;
}

/** Reads the CPU time, in seconds, of all engines on this machine and of their ended children. */
export async function readEngineCpuTime(): Promise<number> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const times = await Promise.all(pids.map(readEngineTime));
  return times.reduce((sum, time) => sum + time, 0);
}

async function readEngineTime(pid: string): Promise<number> {
  // The process may have ended since it was listed.
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const [, name = "", rest = ""] = /^\d+ \((.*)\) (.*)$/s.exec(stat) ?? [];
  if (!ENGINE.test(name)) return 0;
  // utime, stime, cutime, cstime: fields 14 to 17, counted from the third.
  const ticks = rest.split(" ").slice(11, 15).map(Number);
  return ticks.reduce((sum, value) => sum + value, 0) / TICKS_PER_SECOND;
}
