import { join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { Commands } from "../local/commands";
import { findPaths } from "../local/paths";
import { Progress } from "../local/progress";
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

interface Options {
  readonly quick?: true;
  readonly check?: true;
  readonly only: readonly string[];
  readonly out?: string;
}

async function main(options: Options): Promise<void> {
  const paths = findPaths();
  const progress = new Progress(process.stdout);
  const bench = await openBench({
    commands: new Commands(join(paths.logs, "bench.log")),
    recorder: new Recorder(),
    rounds: options.quick ? QUICK : FULL,
    signal: stopOnSignal(),
  });
  progress.say(`log: ${bench.commands.logFile}`);
  try {
    await progress.step("clean up", () => removeLeftovers(bench));
    progress.say("bringing up the subjects");
    await withSubjects(bench, async (subjects) => {
      const growth = await measure(bench, subjects, progress, options.only);
      const report = await makeReport(bench, growth);
      progress.say(`\n${formatTable(report.verdicts)}\n`);
      const folder = await publish(report, options, join(paths.state, "bench"));
      progress.say(`written to ${folder}`);
      if (options.check) checkBars(report);
    });
  } finally {
    await bench.gitlab.stop();
  }
}

/**
 * A whole run becomes the project's published result; another one only tells the person who ran it.
 * @returns where it went
 */
async function publish(report: Report, options: Options, aside: string): Promise<string> {
  const whole = !options.quick && options.only.length === Object.keys(PARTS).length;
  const folder = options.out ?? (whole ? FOLDER : aside);
  await writeReport(folder, report);
  if (folder === FOLDER) await updatePage(PAGE, report);
  return folder;
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

async function measure(
  bench: Bench,
  subjects: Subjects,
  progress: Progress,
  only: readonly string[],
): Promise<Growth | undefined> {
  let growth: Growth | undefined;
  for (const [name, part] of Object.entries(PARTS)) {
    bench.signal.throwIfAborted();
    if (!only.includes(name)) continue;
    growth = (await progress.step(name, () => part(bench, subjects))) ?? growth;
  }
  return growth;
}

async function makeReport(bench: Bench, growth: Growth | undefined): Promise<Report> {
  const { measured } = bench.recorder;
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: await describeMachine(bench),
    measured,
    growth,
    verdicts: judge(FIGURES, measured),
  };
}

function checkBars({ verdicts }: Report): void {
  const missed = verdicts.filter(({ met }) => met === false).map(({ figure }) => figure.title);
  if (missed.length > 0) throw new Error(`missed: ${missed.join("; ")}`);
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
  .option(
    "--only <parts>",
    `some of ${Object.keys(PARTS).join(",")}`,
    parseParts,
    Object.keys(PARTS),
  )
  .option("--out <folder>", "where JSON, table and plots go")
  .action(main)
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
