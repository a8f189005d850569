import { readFile } from "node:fs/promises";
import { join } from "node:path";
import execa from "execa";
import { installPackages } from "../../dev/apt";
import { installCacheServers } from "../../dev/cache-servers/install";
import type { Context } from "../../dev/context";
import { takeDown } from "../../dev/down";
import { isInstalled, removeTree } from "../../dev/files";
import { installTools, startPlatform } from "../../dev/platform";
import type { Progress } from "../../dev/progress";
import { installTinyproxy } from "../../dev/tinyproxy";
import { ExpectedError } from "../../dev/expected-error";
import { type Failure, formatFailures, readFailures } from "./failures";
import { formatTotals, NOTHING, sumTotals, totalsSchema, type Totals } from "./totals";

/** The folders of tests/, in the order in which they run. */
const LEVELS = ["unit", "image", "e2e"] as const;

export type Level = (typeof LEVELS)[number];

/**
 * Reads the levels to run: `unit`, `unit,e2e`. They always run in the order of LEVELS.
 * @throws ExpectedError naming an unknown level
 */
export function parseLevels(text: string): Level[] {
  const wanted = text.split(",").map((name) => name.trim());
  const unknown = wanted.filter((name) => !LEVELS.some((level) => level === name));
  if (unknown.length > 0) {
    throw new ExpectedError(`--select "${text}": the levels are ${LEVELS.join(", ")}`);
  }
  return LEVELS.filter((level) => wanted.includes(level));
}

/** Timeout of one test (s) and the number of test files that run at once, per level. */
const LIMITS: Readonly<Record<Level, { readonly testTimeout: number; readonly workers: number }>> =
  {
    unit: { testTimeout: 60, workers: 2 },
    image: { testTimeout: 180, workers: 1 },
    // Each file has its own GitLab, stack and service, and spends most of its time waiting for
    // them.
    e2e: { testTimeout: 420, workers: 4 },
  };

/** Programs that a level's tests call, and the distribution packages that contain them. */
const PROGRAMS: Readonly<Record<Level, Readonly<Record<string, string>>>> = {
  unit: {},
  image: { openssl: "openssl" },
  e2e: { chromium: "chromium", git: "git" },
};

/** Prepares what a level needs before its tests run. */
const prepare: Readonly<Record<Level, (context: Context, progress: Progress) => Promise<unknown>>> =
  {
    unit: () => Promise.resolve(),
    image: async (context, progress) => {
      await installTools(context, progress);
      await prepareServers(context, progress);
    },
    e2e: async (context, progress) => {
      await startPlatform(context, progress, "test");
      await prepareServers(context, progress);
    },
  };

/** Installs the servers that tests start, so that no test has to wait for that. */
function prepareServers(context: Context, progress: Progress): Promise<void> {
  return progress.step("test servers", async (note) => {
    await installCacheServers(context, note);
    await installTinyproxy(context, note);
    note("versitygw, Azurite, fake-gcs-server, tinyproxy");
  });
}

interface Outcome {
  readonly totals: Totals;
  readonly failures: readonly Failure[];
}

/**
 * Runs the tests level by level, all of them even if one fails, and removes what was started for
 * them. The output ends with the failures and a line of totals. A level that cannot be prepared
 * counts as one failed test.
 * @param jestArgs passed to jest
 */
export async function runTests(
  context: Context,
  progress: Progress,
  levels: readonly Level[],
  jestArgs: readonly string[],
): Promise<Totals> {
  const outcomes = await runLevels(context, progress, levels, jestArgs);
  if ((await context.record.read()).purpose === "test") {
    progress.print("\nRemoving what was started for the tests");
    try {
      await takeDown(context, progress);
    } catch (error) {
      outcomes.push(oneFailed("removal", error));
    }
  }
  for (const line of formatFailures(outcomes.flatMap(({ failures }) => failures))) {
    progress.print(line);
  }
  const totals = outcomes.map((outcome) => outcome.totals).reduce(sumTotals, NOTHING);
  progress.print(`\n${formatTotals(totals)}`);
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
    progress.print(`\ntests/${level}`);
    try {
      await installPrograms(context, progress, level);
      await prepare[level](context, progress);
      outcomes.push(await runJest(context, level, jestArgs));
    } catch (error) {
      progress.print(`tests/${level} did not run: ${messageOf(error)}`);
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
      // Otherwise a connection that a failed test left open would keep jest from exiting.
      "--forceExit",
      ...jestArgs,
    ],
    // Standard output would repeat the JSON report.
    { cwd: paths.project, stdin: "ignore", stdout: "ignore", stderr: "inherit", reject: false },
  );
  const text = await readFile(output, "utf8").catch((cause: unknown) => {
    throw new Error(`jest exited with ${exitCode} and wrote no result`, { cause });
  });
  const report: unknown = JSON.parse(text);
  return { totals: totalsSchema.parse(report), failures: readFailures(report, paths.project) };
}
