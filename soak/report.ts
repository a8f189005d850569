import type { ActiveFault } from "../fake-gitlab/faults/book";
import { formatElapsed } from "../dev/progress";
import type { SoakSettings } from "./command";
import type { Failure, Kill } from "./evidence";
import type { Verdict } from "./judge";
import { describeFault, type Action } from "./plan";

/** What a soak did, and the result. */
export interface SoakReport extends Verdict {
  readonly executor: SoakSettings["executors"][number];
  /** Docker's version. */
  readonly engine: string;
  readonly seed: number;
  readonly seconds: number;
  readonly actions: Readonly<Record<Action["kind"], number>>;
  readonly kills: readonly Kill[];
  readonly faults: readonly ActiveFault[];
  readonly failures: readonly Failure[];
}

/** Formats a report for the terminal. */
export function formatReport(report: SoakReport): string {
  const { executor, engine, seed, seconds, actions, jobs, intact, killed, lost, broken } = report;
  const done = Object.entries(actions).map(([kind, count]) => `${count} ${kind}`);
  const total = Object.values(actions).reduce((sum, count) => sum + count, 0);
  return [
    `Soak of ${formatElapsed(seconds * 1000)} with seed ${seed}, ${executor} executor, Docker ${engine}`,
    row("actions", `${total}: ${done.join(", ")}`),
    row("jobs", `${jobs}: ${intact} intact, ${killed.length} killed with their replica`),
    row("lost jobs", lost.length),
    row("stale managers", report.staleManagers.length),
    row("most managers at once", report.mostManagers),
    row("longest time with no replica accepting jobs", formatElapsed(report.longestGapMs)),
    ...countFaults(report).map(([fault, caught]) => row(`requests hit by ${fault}`, caught)),
    ...killed.map(({ id, reason }) => `job ${id} was killed with its replica: ${reason}`),
    ...(broken.length === 0 ? ["Every promise was kept."] : ["Broken promises:"]),
    ...broken.map((sentence) => `- ${sentence}`),
  ].join("\n");
}

/** Counts the requests that each kind of fault hit. */
function countFaults({ faults }: SoakReport): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { fault, caught } of faults) {
    const name = describeFault(fault);
    counts.set(name, (counts.get(name) ?? 0) + caught);
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}

function row(name: string, value: string | number): string {
  return `  ${name.padEnd(65)} ${value}`;
}
