import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { findGitlabRunner } from "./gitlab-runner-binary";

export interface LocalRunnerOptions {
  readonly url: string;
  /** The runner in the initial config.toml. Without it, call `register` first. */
  readonly credentials?: { readonly id: number; readonly token: string };
  readonly systemId?: string;
  /** @default 2 */
  readonly concurrent?: number;
}

export interface CommandResult {
  readonly code: number | null;
  readonly output: string;
}

const DEADLINE_MS = 30_000;

/**
 * The real gitlab-runner as a process of this machine, with the shell executor and its own folder.
 */
export class LocalRunner implements AsyncDisposable {
  private process: ChildProcess | undefined;
  private output = "";

  private constructor(
    private readonly binary: string,
    readonly folder: string,
  ) {}

  static async create(options: LocalRunnerOptions): Promise<LocalRunner> {
    const folder = await mkdtemp(path.join(tmpdir(), "gitlab-runner-"));
    const runner = new LocalRunner(await findGitlabRunner(), folder);
    if (options.systemId !== undefined) {
      await writeFile(path.join(folder, ".runner_system_id"), options.systemId);
    }
    await writeFile(runner.configFile, configToml(options, folder), { mode: 0o600 });
    return runner;
  }

  get configFile(): string {
    return path.join(this.folder, "config.toml");
  }

  /** Output of `run` so far. */
  get log(): string {
    return this.output;
  }

  readConfig(): Promise<string> {
    return readFile(this.configFile, "utf8");
  }

  /** Starts `gitlab-runner run`. */
  start(): void {
    const child = this.spawn("run", ["--working-directory", this.folder]);
    const keep = (chunk: Buffer): void => {
      this.output += chunk.toString();
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    this.process = child;
  }

  /**
   * Sends a signal to `run` and waits for its end.
   * @returns the exit code
   */
  async stop(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.process;
    if (child === undefined) throw new Error("gitlab-runner was not started");
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const exited = once(child, "exit", { signal: AbortSignal.timeout(DEADLINE_MS) });
    child.kill(signal);
    await exited.catch((error: unknown) => {
      throw new Error(`waited ${DEADLINE_MS} ms for gitlab-runner to end after ${signal}`, {
        cause: error,
      });
    });
    return child.exitCode;
  }

  /** Runs another gitlab-runner command and waits for it. Tokens are passed in the environment. */
  async command(
    name: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<CommandResult> {
    const child = this.spawn(name, args, env);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    }
    const deadline = setTimeout(() => child.kill("SIGKILL"), DEADLINE_MS);
    await once(child, "close");
    clearTimeout(deadline);
    return { code: child.exitCode, output };
  }

  private spawn(
    name: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): ChildProcess {
    return spawn(this.binary, [name, "--config", this.configFile, ...args], {
      env: { PATH: process.env["PATH"], HOME: this.folder, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.process !== undefined) await this.stop("SIGKILL");
    await rm(this.folder, { recursive: true, force: true });
  }
}

function configToml(
  { url, credentials, concurrent = 2 }: LocalRunnerOptions,
  folder: string,
): string {
  const head = `concurrent = ${concurrent}\ncheck_interval = 1\nshutdown_timeout = 5\n`;
  if (credentials === undefined) return head;
  return `${head}
[[runners]]
  name = "local"
  url = "${url}"
  id = ${credentials.id}
  token = "${credentials.token}"
  executor = "shell"
  shell = "bash"
  request_concurrency = ${concurrent}
  builds_dir = "${folder}/builds"
  cache_dir = "${folder}/cache"
`;
}
