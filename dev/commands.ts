import { fstatSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { constants } from "node:os";
import { dirname } from "node:path";
import execa, { type ExecaChildProcess, type Options } from "execa";

export interface CommandOptions {
  readonly cwd?: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input. @default none: the command cannot prompt */
  readonly input?: string;
  /** Milliseconds until the command is killed. @default none */
  readonly timeoutMs?: number;
}

const LINES_SHOWN = 12;
const BYTES_SHOWN = 4_000;

/**
 * Runs commands and keeps all their output in a log file, even if this process dies first. The log
 * shows `args`, so they must not contain secrets.
 */
export class Commands {
  private readonly log: number;
  private readonly running = new Set<ExecaChildProcess>();

  constructor(readonly logFile: string) {
    mkdirSync(dirname(logFile), { recursive: true });
    this.log = openSync(logFile, "a+", 0o600);
  }

  /**
   * Runs a command. Its output goes to the log.
   * @throws Error with the command's last lines if it does not exit with 0
   */
  async run(file: string, args: readonly string[], options: CommandOptions = {}): Promise<void> {
    await this.execute(file, args, options, this.log);
  }

  /**
   * Runs a command and returns its standard output, trimmed. Standard error goes to the log.
   * @throws Error with the command's last lines if it does not exit with 0
   */
  async read(file: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
    return (await this.execute(file, args, options, "pipe")).trim();
  }

  /**
   * Runs a command that shows its own output. A signal to this process lets the command shut down
   * cleanly.
   * @returns its exit code, or 128 plus the signal's number if a signal ended it
   */
  async show(file: string, args: readonly string[], cwd: string): Promise<number> {
    const child = execa(file, args, {
      ...{ cwd, reject: false },
      stdio: ["ignore", "inherit", "inherit"],
    });
    this.running.add(child);
    try {
      const { exitCode, signal } = await child;
      return signal === undefined ? exitCode : 128 + constants.signals[signal as NodeJS.Signals];
    } finally {
      this.running.delete(child);
    }
  }

  /** Adds a line to the log. */
  note(text: string): void {
    writeSync(this.log, `${new Date().toISOString()} ${text}\n`);
  }

  /**
   * Forwards a signal to the running commands. They may take a while to end: Pulumi first saves its
   * state.
   */
  signal(signal: NodeJS.Signals): void {
    for (const child of this.running) child.kill(signal, { forceKillAfterTimeout: false });
  }

  /** Waits until all running commands have ended, successfully or not. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.running);
  }

  private async execute(
    file: string,
    args: readonly string[],
    { cwd, env = {}, input, timeoutMs }: CommandOptions,
    stdout: number | "pipe",
  ): Promise<string> {
    const start = fstatSync(this.log).size;
    const options: Options = {
      stdout,
      stderr: this.log,
      env,
      ...(cwd === undefined ? {} : { cwd }),
      ...(input === undefined ? { stdin: "ignore" } : { input }),
      // A command that hangs may ignore any milder signal.
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs, killSignal: "SIGKILL" }),
    };
    const child = execa(file, args, options);
    this.running.add(child);
    try {
      return (await child).stdout;
    } catch (cause) {
      const lines = this.lastLines(start);
      throw new Error(`${describe(cause, file, args)}${lines === "" ? "" : `:\n${lines}`}`, {
        cause,
      });
    } finally {
      this.running.delete(child);
    }
  }

  private lastLines(start: number): string {
    const size = fstatSync(this.log).size;
    const from = Math.max(start, size - BYTES_SHOWN);
    const buffer = Buffer.alloc(size - from);
    readSync(this.log, buffer, 0, buffer.length, from);
    return buffer.toString().trimEnd().split("\n").slice(-LINES_SHOWN).join("\n");
  }
}

function describe(cause: unknown, file: string, args: readonly string[]): string {
  const { exitCode, signal, timedOut, code } = cause as {
    exitCode?: number;
    signal?: string;
    timedOut?: boolean;
    code?: string;
  };
  const command = [file, ...args.slice(0, 3)].join(" ");
  if (code === "ENOENT") return `${file} is not installed`;
  if (timedOut === true) return `\`${command}\` took too long and was killed`;
  if (signal !== undefined) return `\`${command}\` was killed by ${signal}`;
  return `\`${command}\` exited with ${exitCode ?? "no code"}`;
}
