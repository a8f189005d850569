import { join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { Commands } from "../dev/commands";
import { findPaths } from "../dev/paths";
import { startPlatform } from "../dev/platform";
import { Progress } from "../dev/progress";
import { inSession } from "../dev/session";
import { FULL, openBench, QUICK, type Bench } from "./bench";
import { FIGURES } from "./figures";
import { PARTS } from "./parts";
import type { Growth } from "./report/chart-growth";
import { formatTable } from "./report/format";
import { judge } from "./report/judge";
import { describeMachine } from "./report/machine";
import { updatePage, writeReport, type Report } from "./report/write";
import { Recorder } from "./series";
import { removeLeftovers } from "./subjects/leftovers";
import { withSubjects, type Subjects } from "./subjects/subjects";

const PROJECT = resolve(__dirname, "..");
const PAGE = join(PROJECT, "docs/benchmark.md");
const FOLDER = join(PROJECT, "docs/benchmark");
const PART_NAMES = Object.keys(PARTS);

interface Options {
  readonly quick?: true;
  readonly check?: true;
  readonly only: readonly string[];
  readonly out?: string;
}

/** @returns the exit code */
async function main(options: Options): Promise<number> {
  const failed = await inSession("platform", async (context, progress) => {
    await startPlatform(context, progress, "platform");
    return 0;
  });
  if (failed !== 0) return failed;
  const paths = findPaths();
  const progress = new Progress(process.stdout);
  const bench = await openBench({
    commands: new Commands(join(paths.logs, "bench.log")),
    recorder: new Recorder(),
    rounds: options.quick ? QUICK : FULL,
    signal: stopOnSignal(),
  });
  progress.print(`\nLog: ${bench.commands.logFile}`);
  try {
    await progress.step("clean up", () => removeLeftovers(bench));
    const { report, failed } = await run(bench, progress, options.only);
    progress.print(`\n${formatTable(report.verdicts)}\n`);
    const complete =
      failed.length === 0 && !options.quick && options.only.length === PART_NAMES.length;
    const folder = options.out ?? (complete ? FOLDER : join(paths.state, "bench"));
    await publish(folder, report);
    progress.print(`Results: ${folder}`);
    await progress.step("clean up", () => removeLeftovers(bench));
    progress.print("The platform is still running. To remove it: npm run demo:down");
    return failed.length > 0 || (options.check && reportMissed(report, progress)) ? 1 : 0;
  } finally {
    await bench.gitlab.stop();
  }
}

async function run(bench: Bench, progress: Progress, only: readonly string[]): Promise<Outcome> {
  const machine = await describeMachine(bench);
  const start = Date.now();
  progress.print("starting the subjects");
  const { growth, failed } = await withSubjects(bench, (subjects) =>
    measure(bench, subjects, progress, only),
  );
  const { measured } = bench.recorder;
  const report = {
    date: new Date().toISOString().slice(0, 10),
    machine,
    minutes: Math.round((Date.now() - start) / 60_000),
    measured,
    growth,
    verdicts: judge(FIGURES, measured),
  };
  return { report, failed };
}

/** The result of a run, and the parts that failed. */
interface Outcome {
  readonly report: Report;
  readonly failed: readonly string[];
}

/**
 * Writes the report. Only a complete run also updates the published page.
 */
async function publish(folder: string, report: Report): Promise<void> {
  await writeReport(folder, report);
  if (folder === FOLDER) await updatePage(PAGE, report);
}

/** The first Ctrl-C ends the measurements, not the process, which still has to clean up. */
function stopOnSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      controller.abort(new Error(`stopped by ${signal}`));
    });
  }
  return controller.signal;
}

/** Measures one part after another. A part that fails costs only its own figures. */
async function measure(
  bench: Bench,
  subjects: Subjects,
  progress: Progress,
  only: readonly string[],
): Promise<{ readonly growth: Growth | undefined; readonly failed: readonly string[] }> {
  let growth: Growth | undefined;
  const failed: string[] = [];
  for (const [name, part] of Object.entries(PARTS)) {
    bench.signal.throwIfAborted();
    if (!only.includes(name)) continue;
    try {
      growth = (await progress.step(name, () => part(bench, subjects))) ?? growth;
    } catch (error) {
      bench.signal.throwIfAborted();
      progress.print(error instanceof Error ? error.message : String(error));
      failed.push(name);
    }
  }
  return { growth, failed };
}

/**
 * Prints the missed targets.
 * @returns whether any target is missed
 */
function reportMissed({ verdicts }: Report, progress: Progress): boolean {
  const missed = verdicts.filter(({ met }) => met === false).map(({ figure }) => figure.title);
  if (missed.length > 0) progress.print(`Missed targets: ${missed.join("; ")}`);
  return missed.length > 0;
}

function parseParts(text: string): readonly string[] {
  const names = text.split(",");
  const unknown = names.filter((name) => !(name in PARTS));
  if (unknown.length === 0) return names;
  throw new InvalidArgumentError(
    `unknown: ${unknown.join(", ")}; the parts are ${PART_NAMES.join(", ")}`,
  );
}

new Command("npm run bench --")
  .description(
    "Compare this project with a manual setup of the same runners. A complete run takes about 20 minutes and updates docs/benchmark.md and docs/benchmark/.",
  )
  .option("--quick", "measure everything once and write the results to .local/bench")
  .option("--check", "exit with code 1 if a target is missed")
  .option(
    "--only <parts>",
    "measure only these parts, comma-separated, and write the results to .local/bench",
    parseParts,
    PART_NAMES,
  )
  .option("--out <folder>", "folder for the results: JSON, table and charts")
  .action(async (options: Options) => {
    // Open connections, such as one to the engine, would keep the process alive.
    process.exit(await main(options));
  })
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
