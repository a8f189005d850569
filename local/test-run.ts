import { readFile } from "node:fs/promises";
import { join } from "node:path";
import execa from "execa";
import { installPackages } from "./apt";
import type { Context } from "./context";
import { takeDown } from "./down";
import { isInstalled, removeTree } from "./files";
import { bringTools, bringUp } from "./platform";
import type { Progress } from "./progress";
import { Refusal } from "./refusal";
import { type Failure, formatFailures, readFailures } from "./test-failures";
import { formatTotals, NOTHING, sumTotals, totalsSchema, type Totals } from "./test-totals";

/** The folders of tests/, in the order in which they run. */
const LEVELS = ["unit", "image", "e2e"] as const;

export type Level = (typeof LEVELS)[number];

/**
 * Reads which levels to run: `unit`, `unit,e2e`. They run in their own order.
 * @throws Refusal naming what is no level
 */
export function parseLevels(text: string): Level[] {
  const wanted = text.split(",").map((name) => name.trim());
  const unknown = wanted.filter((name) => !LEVELS.some((level) => level === name));
  if (unknown.length > 0) {
    throw new Refusal(`--select "${text}": levels are ${LEVELS.join(", ")}`);
  }
  return LEVELS.filter((level) => wanted.includes(level));
}

/** Longest time for one test of a level (s), and how many files of it run at once. */
const LIMITS: Readonly<Record<Level, { readonly testTimeout: number; readonly workers: number }>> =
  {
    unit: { testTimeout: 60, workers: 2 },
    image: { testTimeout: 180, workers: 1 },
    // Each file has a GitLab, a stack and a service of its own, and mostly waits for them.
    e2e: { testTimeout: 420, workers: 3 },
  };

/** Programs that tests of a level call, and the distribution's packages that hold them. */
const PROGRAMS: Readonly<Record<Level, Readonly<Record<string, string>>>> = {
  unit: {},
  image: { shellcheck: "shellcheck", openssl: "openssl" },
  e2e: { chromium: "chromium", git: "git" },
};

/** What a level needs before its tests run. */
const prepare: Readonly<Record<Level, (context: Context, progress: Progress) => Promise<unknown>>> =
  {
    unit: () => Promise.resolve(),
    image: bringTools,
    e2e: (context, progress) => bringUp(context, progress, "test"),
  };

interface Outcome {
  readonly totals: Totals;
  readonly failures: readonly Failure[];
}

/**
 * Runs the tests of the levels, one level after the other, all of them even if one fails, and takes down what was
 * brought up for them. Ends with what failed and one line of sums, in which a level that could not be prepared counts as one
 * failed.
 * @param jestArgs passed on to jest
 */
export async function runTests(
  context: Context,
  progress: Progress,
  levels: readonly Level[],
  jestArgs: readonly string[],
): Promise<Totals> {
  const outcomes = await runLevels(context, progress, levels, jestArgs);
  if ((await context.record.read()).purpose === "test") {
    progress.say("\nTaking down what was brought up for the tests");
    try {
      await takeDown(context, progress);
    } catch (error) {
      outcomes.push(oneFailed("taking down", error));
    }
  }
  for (const line of formatFailures(outcomes.flatMap(({ failures }) => failures))) {
    progress.say(line);
  }
  const totals = outcomes.map((outcome) => outcome.totals).reduce(sumTotals, NOTHING);
  progress.say(`\n${formatTotals(totals)}`);
  return totals;
}

async function runLevels(
  context: Context,
  progress: Progress,
  levels: readonly Level[],
  jestArgs: readonly string[],
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const level of levels) {
    progress.say(`\ntests/${level}`);
    try {
      await installPrograms(context, progress, level);
      await prepare[level](context, progress);
      outcomes.push(await runJest(context, level, jestArgs));
    } catch (error) {
      progress.say(`tests/${level} did not run: ${messageOf(error)}`);
      outcomes.push(oneFailed(`tests/${level} did not run`, error));
    }
  }
  return outcomes;
}

const oneFailed = (name: string, error: unknown): Outcome => ({
  totals: { passed: 0, failed: 1 },
  failures: [{ name, message: messageOf(error) }],
});

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

async function installPrograms(
  { commands, record }: Context,
  progress: Progress,
  level: Level,
): Promise<void> {
  const missing: string[] = [];
  for (const [program, package_] of Object.entries(PROGRAMS[level])) {
    if (!(await isInstalled(program))) missing.push(package_);
  }
  if (missing.length === 0) return;
  await progress.step("packages", async (note) => {
    note(missing.join(", "));
    await record.add("packages", ...(await installPackages(commands, missing, `tests/${level}`)));
  });
}

/** @throws Error when jest ends without a result */
async function runJest(
  { paths }: Context,
  level: Level,
  jestArgs: readonly string[],
): Promise<Outcome> {
  const output = join(paths.logs, `jest-${level}.json`);
  await removeTree(output);
  const { exitCode } = await execa(
    process.execPath,
    [
      join(paths.project, "node_modules/jest/bin/jest.js"),
      ...["--selectProjects", level, "--passWithNoTests", "--json", "--outputFile", output],
      ...["--testTimeout", String(LIMITS[level].testTimeout * 1000)],
      ...["--maxWorkers", String(LIMITS[level].workers)],
      // A connection that a failed test left open must not hold up the rest.
      "--forceExit",
      ...jestArgs,
    ],
    // Standard output would be the JSON once more.
    { cwd: paths.project, stdin: "ignore", stdout: "ignore", stderr: "inherit", reject: false },
  );
  const text = await readFile(output, "utf8").catch((cause: unknown) => {
    throw new Error(`jest exited ${exitCode} without a result`, { cause });
  });
  const report: unknown = JSON.parse(text);
  return { totals: totalsSchema.parse(report), failures: readFailures(report, paths.project) };
}
