import { join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { Commands } from "../local/commands";
import { findPaths } from "../local/paths";
import { bringUp } from "../local/platform";
import { Progress } from "../local/progress";
import { inSession } from "../local/session";
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
    await bringUp(context, progress, "platform");
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
  progress.say(`\nLog: ${bench.commands.logFile}`);
  try {
    await progress.step("clean up", () => removeLeftovers(bench));
    const { report, failed } = await run(bench, progress, options.only);
    progress.say(`\n${formatTable(report.verdicts)}\n`);
    const whole =
      failed.length === 0 && !options.quick && options.only.length === PART_NAMES.length;
    const folder = options.out ?? (whole ? FOLDER : join(paths.state, "bench"));
    await publish(folder, report);
    progress.say(`Written to ${folder}.`);
    await progress.step("clean up", () => removeLeftovers(bench));
    progress.say("The platform stays up; `npm run demo:down` takes it down.");
    return failed.length > 0 || (options.check && isMissed(report, progress)) ? 1 : 0;
  } finally {
    await bench.gitlab.stop();
  }
}

async function run(bench: Bench, progress: Progress, only: readonly string[]): Promise<Outcome> {
  const machine = await describeMachine(bench);
  const start = Date.now();
  progress.say("bringing up what is measured");
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

/** What came of a run, and the parts that ended with an error. */
interface Outcome {
  readonly report: Report;
  readonly failed: readonly string[];
}

/** A whole run becomes the project's published result; another one only tells the person who ran it. */
async function publish(folder: string, report: Report): Promise<void> {
  await writeReport(folder, report);
  if (folder === FOLDER) await updatePage(PAGE, report);
}

/** The first Ctrl-C ends the measuring, not the process: what is up is taken down first. */
function stopOnSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      controller.abort(new Error(`ended by ${signal}`));
    });
  }
  return controller.signal;
}

/** Measures one part after the other; one that fails takes its own figures away and no others. */
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
      progress.say(error instanceof Error ? error.message : String(error));
      failed.push(name);
    }
  }
  return { growth, failed };
}

/** Says which bars are missed, if any are. */
function isMissed({ verdicts }: Report, progress: Progress): boolean {
  const missed = verdicts.filter(({ met }) => met === false).map(({ figure }) => figure.title);
  if (missed.length > 0) progress.say(`Missed: ${missed.join("; ")}`);
  return missed.length > 0;
}

function parseParts(text: string): readonly string[] {
  const names = text.split(",");
  const unknown = names.filter((name) => !(name in PARTS));
  if (unknown.length === 0) return names;
  throw new InvalidArgumentError(`no such part: ${unknown.join(", ")}`);
}

new Command("bench")
  .description(
    "Measures this project against the same thing done by hand, and writes the results to docs/benchmark/.",
  )
  .option("--quick", "few rounds; the results go to .local/bench")
  .option("--check", "exit 1 if a bar is missed")
  .option("--only <parts>", `some of ${PART_NAMES.join(",")}`, parseParts, PART_NAMES)
  .option("--out <folder>", "where JSON, table and plots go")
  .action(async (options: Options) => {
    // What still listens, such as a connection to the engine, ends with it.
    process.exit(await main(options));
  })
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
