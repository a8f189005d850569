import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseReplicaLine, type ReplicaLine, type ReplicaStatus } from "../../contract/replica-log";
import { entrypointBundle, ENTRYPOINT_SH } from "./entrypoint-bundle";
import { eventually } from "./eventually";
import { findProcesses, type ProcessView } from "./processes";

export interface ReplicaOptions {
  /** Folder with the gitlab-runner program. */
  readonly runnerFolder: string;
  readonly env: Readonly<Record<string, string>>;
  /**
   * Command that runs entrypoint.sh.
   * @default ["sh"]
   */
  readonly shell?: readonly string[];
  /**
   * Folder of an earlier replica, used like a volume.
   * @default a new one
   */
  readonly folder?: string;
  /**
   * Folder of the configuration, which replicas may share.
   * @default a folder inside `folder`
   */
  readonly etc?: string;
}

export interface ReplicaExit {
  /** Exit code; null if a signal ended it. */
  readonly code: number | null;
  /** Epoch milliseconds. */
  readonly at: number;
}

const DEADLINE_MS = 30_000;

/**
 * A replica without a container: entrypoint.sh with the bundled entrypoint, in its own folder.
 * Disposing of it kills all its processes and removes the folder.
 */
export class ReplicaProcess implements AsyncDisposable {
  private output = "";
  private readonly ended: Promise<ReplicaExit>;

  private constructor(
    readonly child: ChildProcess,
    readonly folder: string,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => (this.output += text));
    }
    this.ended = once(child, "exit").then(() => ({ code: child.exitCode, at: Date.now() }));
  }

  static async start(options: ReplicaOptions): Promise<ReplicaProcess> {
    const { shell = ["sh"], folder = mkdtempSync(join(tmpdir(), "replica-")) } = options;
    const { etc = join(folder, "etc") } = options;
    const [command = "sh", ...args] = shell;
    const places = join(folder, "places");
    mkdirSync(places, { recursive: true });
    const lib = await entrypointBundle();
    const child = spawn(command, [...args, ENTRYPOINT_SH], {
      // Its own process group, as in a container.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: `${options.runnerFolder}:${process.env["PATH"] ?? ""}`,
        HOME: folder,
        POOL_LIB: lib,
        POOL_RUN: join(folder, "run"),
        POOL_ETC: etc,
        POOL_PLACES: places,
        POOL_NODE: process.execPath,
        POOL_WORK: join(folder, "work"),
        ...options.env,
      },
    });
    return new ReplicaProcess(child, folder);
  }

  /** Everything that the replica and gitlab-runner have written. */
  log(): string {
    return this.output;
  }

  /** The replica's own state lines. */
  lines(): readonly ReplicaLine[] {
    return this.output.split("\n").flatMap((line) => parseReplicaLine(line) ?? []);
  }

  states(): readonly ReplicaStatus[] {
    return this.lines().map(({ state }) => state);
  }

  /** Waits until the replica reports a state, and returns the message. */
  async waitForState(state: ReplicaStatus, timeoutMs = DEADLINE_MS): Promise<string> {
    const line = await this.within(timeoutMs, `the replica to report "${state}"`, () =>
      this.lines().find((said) => said.state === state),
    );
    return line.message;
  }

  /**
   * Sends a stop signal as dumb-init does, by default Swarm's SIGQUIT.
   * @returns when, in epoch milliseconds
   */
  stop(signal: "SIGTERM" | "SIGQUIT" = "SIGTERM"): number {
    this.child.kill(signal);
    return Date.now();
  }

  /** Waits for the end of entrypoint.sh. */
  async exit(timeoutMs = DEADLINE_MS): Promise<ReplicaExit> {
    let exit: ReplicaExit | undefined;
    void this.ended.then((value) => (exit = value));
    return this.within(timeoutMs, "the replica to end", () => exit);
  }

  /** Lists its running processes, including entrypoint.sh. */
  processes(): readonly ProcessView[] {
    return findProcesses(`POOL_RUN=${join(this.folder, "run")}`);
  }

  /**
   * Waits until all its processes have ended. Processes that only observe gitlab-runner end a
   * moment after it.
   */
  async leavesNoProcess(): Promise<void> {
    let living = this.processes();
    await eventually(
      () => {
        living = this.processes();
        return living.length === 0;
      },
      { what: "the replica's processes to end", timeoutMs: 3_000, intervalMs: 20 },
    ).catch((cause: unknown) => {
      const left = living.map(({ args }) => args.join(" ")).join("; ");
      throw new Error(`left running: ${left}`, { cause });
    });
  }

  /** Returns the process ID of gitlab-runner, which may still be waiting for its configuration. */
  async runnerPid(): Promise<number> {
    return this.within(DEADLINE_MS, "gitlab-runner to run", () => this.find("run --config"));
  }

  /** Returns the process ID of a subcommand of the entrypoint. */
  async nodePid(command: "start" | "online" | "engine" | "stop" | "after-crash"): Promise<number> {
    return this.within(DEADLINE_MS, `\`${command}\` to run`, () => this.find(`main.js ${command}`));
  }

  /** Sends SIGKILL to every process, as when its container is killed. */
  async killAll(): Promise<void> {
    await eventually(
      () => {
        const living = this.processes();
        for (const { pid } of living) kill(pid);
        return living.length === 0;
      },
      { what: "the replica's processes to end", timeoutMs: DEADLINE_MS, intervalMs: 20 },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.killAll();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private find(command: string): number | undefined {
    return this.processes().find(({ args }) => args.join(" ").includes(command))?.pid;
  }

  private async within<T>(timeoutMs: number, what: string, look: () => T | undefined): Promise<T> {
    try {
      return await eventually(look, { what, timeoutMs, intervalMs: 10 });
    } catch (cause) {
      throw new Error(`waited ${timeoutMs} ms for ${what}; its log:\n${this.output}`, { cause });
    }
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // The process has already ended.
  }
}
