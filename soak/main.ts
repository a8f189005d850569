import { join } from "node:path";
import { writeFileAtomic } from "../dev/files";
import { findPaths } from "../dev/paths";
import { EXECUTORS } from "./command";
import { formatReport } from "./report";
import { soakAll } from "./run";

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/**
 * Runs the soak on this checkout's platform, which must be running already.
 * @returns the exit code: 1 if a promise was broken
 */
async function main([minutes, seed, ...names]: readonly string[]): Promise<number> {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    // Not `once`: execa kills the process when no other listener for the signal is left.
    process.on(signal, () => {
      if (!stop.signal.aborted) print(`${signal}: stopping early and removing the pools`);
      stop.abort();
    });
  }
  const reports = await soakAll(
    EXECUTORS.filter((name) => names.includes(name)),
    { minutes: Number(minutes), seed: Number(seed), print, signal: stop.signal },
  );
  const text = reports.map(formatReport).join("\n\n");
  const { logs } = findPaths();
  await writeFileAtomic(join(logs, "soak.txt"), `${text}\n`);
  await writeFileAtomic(join(logs, "soak.json"), `${JSON.stringify(reports, null, 2)}\n`);
  print(`\n${text}\n\nReport: ${join(logs, "soak.txt")} and soak.json`);
  return reports.every(({ broken }) => broken.length === 0) ? 0 : 1;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? "") : String(error)}\n`);
    process.exit(1);
  },
);
