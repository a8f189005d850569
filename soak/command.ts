import { join } from "node:path";
import type { Context } from "../dev/context";
import { startPlatform } from "../dev/platform";
import type { Progress } from "../dev/progress";
import { ExpectedError } from "../dev/expected-error";

/** Options of the soak as typed on the command line. */
export interface RawSoakOptions {
  readonly minutes: string;
  readonly seed: string;
  readonly executor: string;
}

/** Executors that the soak supports, in their default order. */
export const EXECUTORS = ["docker", "shell"] as const;

export interface SoakSettings {
  readonly minutes: number;
  readonly seed: number;
  /** The soak disturbs one pool per executor, all at the same time. */
  readonly executors: readonly (typeof EXECUTORS)[number][];
}

/** @throws ExpectedError naming every invalid option */
export function readSoakOptions({ minutes, seed, executor }: RawSoakOptions): SoakSettings {
  const names = executor.split(",").map((name) => name.trim());
  const options = {
    ...{ minutes: Number(minutes), seed: Number(seed) },
    executors: EXECUTORS.filter((name) => names.includes(name)),
  };
  const problems = [
    ...(Number.isFinite(options.minutes) && options.minutes >= 1 && minutes.trim() !== ""
      ? []
      : [`--minutes "${minutes}": must be a number, at least 1`]),
    ...(Number.isSafeInteger(options.seed) && seed.trim() !== ""
      ? []
      : [`--seed "${seed}": must be an integer`]),
    ...(options.executors.length === names.length
      ? []
      : [`--executor "${executor}": must be docker, shell, or docker,shell`]),
  ];
  if (problems.length > 0) throw new ExpectedError(problems.join("; "));
  return options;
}

/**
 * Starts the platform and runs the soak on it.
 * @returns the exit code: 1 if a promise was broken
 */
export async function runSoak(
  context: Context,
  progress: Progress,
  rawOptions: RawSoakOptions,
): Promise<number> {
  const { minutes, seed, executors } = readSoakOptions(rawOptions);
  await startPlatform(context, progress, "platform");
  progress.print();
  const { paths, commands } = context;
  // Runs as a separate process: after a signal, it still has time to destroy its pools.
  const main = join(paths.project, "soak/main.ts");
  const args = ["--import", "tsx", main, String(minutes), String(seed), ...executors];
  return commands.show(process.execPath, args, paths.project);
}
