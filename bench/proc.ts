import { readdir, readFile } from "node:fs/promises";
import type Docker from "dockerode";

/** The process whose own cost is not ours. */
const RUNNER = "gitlab-runner";

/** The engine's own processes: they run a health check's probes. */
const ENGINE = /^(?:dockerd|containerd|containerd-shim.*)$/;

/** Kernel ticks a second in /proc/PID/stat; fixed by the kernel's interface. */
const TICKS = 100;

interface Process {
  readonly pid: number;
  /** Name, cut at 15 characters by the kernel. */
  readonly name: string;
}

/** Processes of a container, by the machine's process IDs. */
export async function listProcesses(container: Docker.Container): Promise<Process[]> {
  const { Titles, Processes } = (await container.top({ ps_args: "-eo pid,comm" })) as {
    Titles: string[];
    Processes: string[][];
  };
  const pid = Titles.indexOf("PID");
  const name = Titles.indexOf("COMMAND");
  return Processes.map((row) => ({ pid: Number(row[pid]), name: row[name] ?? "" }));
}

/** Memory of everything but gitlab-runner in a container: proportional set size, MB. */
export async function memoryBeyondRunner(container: Docker.Container): Promise<number> {
  const others = (await listProcesses(container)).filter(({ name }) => name !== RUNNER);
  const sizes = await Promise.all(others.map(({ pid }) => readPss(pid)));
  return sizes.reduce((sum, size) => sum + size, 0) / 1024;
}

/** @returns kB */
async function readPss(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, "utf8");
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? NaN);
}

/** CPU time that a container has used beyond that of its gitlab-runner, seconds. */
export async function cpuBeyondRunner(container: Docker.Container): Promise<number> {
  const runner = (await listProcesses(container)).find(({ name }) => name === RUNNER);
  if (runner === undefined) throw new Error("no gitlab-runner runs in the container");
  return (await containerTime(container)) - (await readThreadTime(runner.pid));
}

/** CPU time that a container has used, seconds. */
export async function containerTime(container: Docker.Container): Promise<number> {
  const stats = await container.stats({ stream: false, "one-shot": true });
  return stats.cpu_stats.cpu_usage.total_usage / 1e9;
}

/** Time on a processor of a process's threads, seconds; /proc/PID/stat would only count hundredths. */
async function readThreadTime(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`);
  const times = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/schedstat`, "utf8")),
  );
  return times.reduce((sum, text) => sum + Number(text.split(" ")[0]), 0) / 1e9;
}

/** CPU time of all engines on this machine and of what they started and waited for, seconds. */
export async function engineTime(): Promise<number> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const times = await Promise.all(pids.map(readEngineTime));
  return times.reduce((sum, time) => sum + time, 0);
}

async function readEngineTime(pid: string): Promise<number> {
  // A process may end between the listing and the reading.
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const [, name = "", rest = ""] = /^\d+ \((.*)\) (.*)$/s.exec(stat) ?? [];
  if (!ENGINE.test(name)) return 0;
  // utime, stime, cutime, cstime: fields 14 to 17, counted from the third.
  const ticks = rest.split(" ").slice(11, 15).map(Number);
  return ticks.reduce((sum, value) => sum + value, 0) / TICKS;
}
