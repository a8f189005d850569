import { appendFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Commands } from "./commands";
import type { Context } from "./context";
import { closeTree, makePrivateFolder, removeTree } from "./files";
import { withLock } from "./lock";
import { findPaths } from "./paths";
import { Progress } from "./progress";
import { RecordFile } from "./record";
import { ExpectedError } from "./expected-error";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Exit codes after a signal, by convention 128 plus the signal's number. */
const SIGNAL_EXIT = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

type Work = (context: Context, progress: Progress) => Promise<number>;

/**
 * Runs one command on this checkout's platform under its lock, with a log file, progress on the
 * screen, readable errors, and an orderly end on signals.
 * @param name of the command and of its log file
 * @returns the exit code
 */
export async function inSession(name: string, work: Work): Promise<number> {
  const paths = findPaths();
  const logFile = join(paths.logs, `${name}.log`);
  const progress = new Progress(process.stdout);
  try {
    await makePrivateFolder(paths.state);
    return await withLock(
      join(paths.state, "lock"),
      { what: "is using this checkout's local platform" },
      async () => {
        await removeTree(logFile);
        const commands = new Commands(logFile);
        const record = new RecordFile(paths.state);
        const context = { paths, commands, record, env: process.env };
        progress.print(`Full log: ${relative(process.cwd(), logFile)}`);
        try {
          return await untilSignal(commands, () => work(context, progress));
        } finally {
          // Pulumi makes its state, which holds encrypted secrets, readable by everybody.
          await closeTree(paths.state);
        }
      },
    );
  } catch (error) {
    return fail(progress, error, logFile);
  }
}

/**
 * Exits with a command's exit code, even if something still listens, such as a connection to the
 * engine.
 */
export async function exitWith(code: Promise<number>): Promise<void> {
  process.exit(await code);
}

/**
 * Works until it is done or a signal arrives. After a signal, waits for the commands that still
 * run.
 */
async function untilSignal(commands: Commands, work: () => Promise<number>): Promise<number> {
  const listeners = new Map<NodeJS.Signals, () => void>();
  const signalled = new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of SIGNALS) {
      const listener = (): void => {
        resolve(signal);
        // On Ctrl-C the terminal has already signalled the whole process group. A second SIGINT
        // would make Pulumi give up half-way.
        if (signal !== "SIGINT" || !process.stdin.isTTY) commands.signal(signal);
      };
      listeners.set(signal, listener);
      process.on(signal, listener);
    }
  });
  try {
    const result = await Promise.race([work(), signalled]);
    if (typeof result === "number") return result;
    await commands.settle();
    throw new Interruption(result);
  } finally {
    for (const [signal, listener] of listeners) process.off(signal, listener);
  }
}

class Interruption extends Error {
  constructor(readonly signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`);
  }
}

function fail(progress: Progress, error: unknown, logFile: string): number {
  if (error instanceof Interruption) {
    progress.print(
      "\nInterrupted. Run the command again to continue, or remove what exists so far with `npm run demo:down`.",
    );
    return SIGNAL_EXIT[error.signal as keyof typeof SIGNAL_EXIT];
  }
  progress.print(`\n${error instanceof Error ? error.message : String(error)}`);
  if (!(error instanceof ExpectedError)) {
    appendFileSync(logFile, `${error instanceof Error ? (error.stack ?? "") : String(error)}\n`);
  }
  return 1;
}
