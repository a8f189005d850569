import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import type { Measured } from "../series";
import { drawTargets } from "./chart-targets";
import { drawGrowth, type Growth } from "./chart-growth";
import { drawTimes } from "./chart-times";
import { formatTable } from "./format";
import type { Verdict } from "./judge";
import type { Machine } from "./machine";

/** The result of a benchmark run. */
export interface Report {
  /** Day of the run, such as 2026-11-24. */
  readonly date: string;
  readonly machine: Machine;
  /** How long the measurements took. */
  readonly minutes: number;
  readonly measured: Measured;
  /** Undefined if the growing pool was not measured. */
  readonly growth: Growth | undefined;
  readonly verdicts: readonly Verdict[];
}

/** Writes a report as JSON, a table and charts. */
export async function writeReport(folder: string, report: Report): Promise<void> {
  const { date, machine, minutes, measured, growth, verdicts } = report;
  await mkdir(folder, { recursive: true });
  const files: [string, string][] = [
    [
      "results.json",
      `${JSON.stringify({ date, machine, minutes, measured, growth }, undefined, 2)}\n`,
    ],
    ["table.md", `${formatTable(verdicts)}\n`],
    ["targets.svg", drawTargets(verdicts)],
    ["times.svg", drawTimes(verdicts, measured)],
    ...(growth === undefined ? [] : [["growth.svg", drawGrowth(growth)] as [string, string]]),
  ];
  await Promise.all(files.map(([name, text]) => writeFile(join(folder, name), text)));
}

const BEGIN = "<!-- results: written by npm run bench -->";
const END = "<!-- end of results -->";

/**
 * Writes the table and the machine into a page, between the two markers.
 * @throws Error if the page has no markers
 */
export async function updatePage(file: string, report: Report): Promise<void> {
  const page = await readFile(file, "utf8");
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${file} lacks "${BEGIN}" or "${END}"`);
  const text = `${BEGIN}\n\n${formatResults(report)}\n\n${END}`;
  const whole = page.slice(0, begin) + text + page.slice(end + END.length);
  await writeFile(file, await format(whole, { ...(await resolveConfig(file)), filepath: file }));
}

function formatResults({ date, machine, minutes, verdicts }: Report): string {
  const { cpu, cores, memory, kernel, node, docker, pulumi, load } = machine;
  const where = `${cores} cores (${cpu}), ${memory} GiB, Linux ${kernel}, Docker ${docker}, Pulumi ${pulumi}, Node.js ${node}`;
  const when = `The run took ${minutes} minutes; the load average before it was ${load.toFixed(2)}.`;
  return `Measured on ${date}: ${where}. ${when}\n\n${formatTable(verdicts)}`;
}
