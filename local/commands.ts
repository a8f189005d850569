import { fstatSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { constants } from "node:os";
import { dirname } from "node:path";
import execa, { type ExecaChildProcess, type Options } from "execa";

export interface CommandOptions {
  readonly cwd?: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Text for standard input. @default none: the command cannot ask */
  readonly input?: string;
  /** Milliseconds until it is ended. @default none */
  readonly timeoutMs?: number;
}

const LINES_SHOWN = 12;
const BYTES_SHOWN = 4_000;

/**
 * Runs commands and keeps all that they print in a log file, also when this process dies before they do.
 * Secrets must not be in `args`: the log holds them.
 */
export class Commands {
  private readonly log: number;
  private readonly running = new Set<ExecaChildProcess>();

  constructor(readonly logFile: string) {
    mkdirSync(dirname(logFile), { recursive: true });
    this.log = openSync(logFile, "a+", 0o600);
  }

  /**
   * Runs a command; its output goes to the log.
   * @throws Error with the command's last lines if it does not exit 0
   */
  async run(file: string, args: readonly string[], options: CommandOptions = {}): Promise<void> {
    await this.execute(file, args, options, this.log);
  }

  /**
   * Runs a command and returns its standard output, trimmed; what it says on standard error goes to the log.
   * @throws Error with the command's last lines if it does not exit 0
   */
  async read(file: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
    return (await this.execute(file, args, options, "pipe")).trim();
  }

  /**
   * Runs a command that shows its own output, and ends it in good order when this process is told to end.
   * @returns its exit code; 128 and more if a signal ended it
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

  /** Passes a signal on to the commands that run. They take their time to end: Pulumi puts its books in order. */
  signal(signal: NodeJS.Signals): void {
    for (const child of this.running) child.kill(signal, { forceKillAfterTimeout: false });
  }

  /** Waits for the commands that run to end, however they do. */
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
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
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
  if (timedOut === true) return `\`${command}\` took too long and was ended`;
  if (signal !== undefined) return `\`${command}\` was ended by ${signal}`;
  return `\`${command}\` exited ${exitCode ?? "without a code"}`;
}
