import { appendFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Commands } from "./commands";
import type { Context } from "./context";
import { removeTree } from "./files";
import { withLock } from "./lock";
import { findPaths } from "./paths";
import { Progress } from "./progress";
import { RecordFile } from "./record";
import { Refusal } from "./refusal";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Exit codes of programs that a signal ended, by convention 128 and the signal's number. */
const SIGNAL_EXIT = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

type Work = (context: Context, progress: Progress) => Promise<number>;

/**
 * Does one command's work on this checkout's platform, alone: with a log file, progress on the screen, errors as people
 * read them, and signals that end it in good order.
 * @param name of the command and of its log file
 * @returns the exit code
 */
export async function inSession(name: string, work: Work): Promise<number> {
  const paths = findPaths();
  const logFile = join(paths.logs, `${name}.log`);
  const progress = new Progress(process.stdout);
  try {
    return await withLock(
      join(paths.state, "lock"),
      { what: "works on the local platform of this checkout" },
      async () => {
        await removeTree(logFile);
        const commands = new Commands(logFile);
        const record = new RecordFile(paths.state);
        const context = { paths, commands, record, env: process.env };
        progress.say(`Full log: ${relative(process.cwd(), logFile)}`);
        return await untilSignal(commands, () => work(context, progress));
      },
    );
  } catch (error) {
    return fail(progress, error, logFile);
  }
}

/** Works until it is done or a signal comes; after a signal the commands that still run are waited for. */
async function untilSignal(commands: Commands, work: () => Promise<number>): Promise<number> {
  const listeners = new Map<NodeJS.Signals, () => void>();
  const signalled = new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of SIGNALS) {
      const listener = (): void => {
        resolve(signal);
        // A terminal has told the whole process group of a Ctrl-C; a second one would make Pulumi give up half-way.
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
    super(`ended by ${signal}`);
  }
}

function fail(progress: Progress, error: unknown, logFile: string): number {
  if (error instanceof Interruption) {
    progress.say(
      "\nInterrupted. Run it again to go on from here, or `npm run demo:down` to take down what there is.",
    );
    return SIGNAL_EXIT[error.signal as keyof typeof SIGNAL_EXIT];
  }
  progress.say(`\n${error instanceof Error ? error.message : String(error)}`);
  if (!(error instanceof Refusal)) {
    appendFileSync(logFile, `${error instanceof Error ? (error.stack ?? "") : String(error)}\n`);
  }
  return 1;
}
