import { join } from "node:path";
import type { Context } from "./context";
import { bringUp } from "./platform";
import type { Progress } from "./progress";
import { Refusal } from "./refusal";

/** Options of the soak as they were typed. */
export interface SoakWords {
  readonly minutes: string;
  readonly seed: string;
}

/** @throws Refusal naming all options that are wrong */
export function readSoakOptions({ minutes, seed }: SoakWords): { minutes: number; seed: number } {
  const options = { minutes: Number(minutes), seed: Number(seed) };
  const problems = [
    ...(Number.isFinite(options.minutes) && options.minutes >= 1 && minutes.trim() !== ""
      ? []
      : [`--minutes "${minutes}": a number of at least 1`]),
    ...(Number.isSafeInteger(options.seed) && seed.trim() !== ""
      ? []
      : [`--seed "${seed}": a whole number`]),
  ];
  if (problems.length > 0) throw new Refusal(problems.join("; "));
  return options;
}

/** Brings the platform up and runs the soak on it. @returns its exit code: 1 if a promise was broken */
export async function runSoak(
  context: Context,
  progress: Progress,
  words: SoakWords,
): Promise<number> {
  const { minutes, seed } = readSoakOptions(words);
  await bringUp(context, progress, "platform");
  progress.say();
  const { paths, commands } = context;
  // A process of its own: told to end, it still takes its pool down.
  const main = join(paths.project, "tests/soak/main.ts");
  const args = ["--import", "tsx", main, String(minutes), String(seed)];
  return commands.show(process.execPath, args, paths.project);
}
