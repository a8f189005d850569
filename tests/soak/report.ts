import type { ActiveFault } from "../../local/gitlab/faults/book";
import { formatElapsed } from "../../local/progress";
import type { Failure, Kill } from "./evidence";
import type { Verdict } from "./judge";
import { describeFault, type Action } from "./plan";

/** What a soak did, and how it went. */
export interface SoakReport extends Verdict {
  readonly seed: number;
  readonly seconds: number;
  readonly actions: Readonly<Record<Action["kind"], number>>;
  readonly kills: readonly Kill[];
  readonly faults: readonly ActiveFault[];
  readonly failures: readonly Failure[];
}

/** The report as a person reads it. */
export function formatReport(report: SoakReport): string {
  const { seed, seconds, actions, jobs, whole, killed, lost, ghosts, broken } = report;
  const done = Object.entries(actions).map(([kind, count]) => `${count} ${kind}`);
  const total = Object.values(actions).reduce((sum, count) => sum + count, 0);
  return [
    `Soak of ${formatElapsed(seconds * 1000)} with seed ${seed}`,
    row("actions", `${total}: ${done.join(", ")}`),
    row("jobs", `${jobs}, of which ${whole} whole, ${killed.length} killed with their replica`),
    row("jobs lost", lost.length),
    row("ghosts", ghosts.length),
    row("managers", `${report.mostManagers} at most`),
    row("longest time without an accepting replica", formatElapsed(report.longestGapMs)),
    ...countFaults(report).map(([fault, caught]) => row(`requests that met ${fault}`, caught)),
    ...killed.map(({ id, reason }) => `job ${id} was killed with its replica: ${reason}`),
    ...(broken.length === 0 ? ["Every promise was kept."] : ["Broken promises:"]),
    ...broken.map((sentence) => `- ${sentence}`),
  ].join("\n");
}

/** Faults in words, and how many requests each met. */
function countFaults({ faults }: SoakReport): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { fault, caught } of faults) {
    const what = describeFault(fault);
    counts.set(what, (counts.get(what) ?? 0) + caught);
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}

function row(name: string, text: string | number): string {
  return `  ${name.padEnd(58)} ${text}`;
}
