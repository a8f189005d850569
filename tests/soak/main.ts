import { join } from "node:path";
import { writeFileWhole } from "../../local/files";
import { findPaths } from "../../local/paths";
import { formatReport } from "./report";
import { soak } from "./run";

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Runs the soak on this checkout's platform, which is up. @returns the exit code: 1 if a promise was broken */
async function main([minutes, seed]: readonly string[]): Promise<number> {
  const ended = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    // Not `once`: execa ends a process whose last listener for a signal is its own.
    process.on(signal, () => {
      if (!ended.signal.aborted) say(`${signal}: the soak ends early, and takes its pool down`);
      ended.abort();
    });
  }
  const report = await soak({
    ...{ minutes: Number(minutes), seed: Number(seed), say, signal: ended.signal },
  });
  const text = formatReport(report);
  const { logs } = findPaths();
  await writeFileWhole(join(logs, "soak.txt"), `${text}\n`);
  await writeFileWhole(join(logs, "soak.json"), `${JSON.stringify(report, null, 2)}\n`);
  say(`\n${text}\n\nReport: ${join(logs, "soak.txt")}, soak.json`);
  return report.broken.length === 0 ? 0 : 1;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? "") : String(error)}\n`);
    process.exit(1);
  },
);
