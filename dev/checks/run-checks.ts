import execa from "execa";
import type { Check, Subject } from "./checks";

/** The result of a check. */
export interface Outcome {
  readonly name: string;
  readonly ok: boolean;
  /** Everything that it printed, or why it could not run. */
  readonly output: string;
  readonly seconds: number;
}

const LIMIT_MS = 10 * 60_000;

/**
 * Runs all checks, even if one fails.
 * @param atOnce how many run at the same time
 * @param report receives each result as soon as the check ends
 * @returns true if every check passed
 */
export async function runChecks(
  checks: readonly Check[],
  subject: Subject,
  atOnce: number,
  report: (outcome: Outcome) => void,
): Promise<boolean> {
  const waiting = [...checks];
  let good = true;
  const work = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const outcome = await runCheck(check, subject);
      good &&= outcome.ok;
      report(outcome);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return good;
}

async function runCheck({ name, command }: Check, subject: Subject): Promise<Outcome> {
  const start = performance.now();
  const end = (ok: boolean, output: string): Outcome => ({
    ...{ name, ok, output },
    seconds: (performance.now() - start) / 1000,
  });
  try {
    const [file, ...args] = await command(subject);
    const { all, exitCode, timedOut } = await execa(file, args, {
      ...{ cwd: subject.project, all: true, reject: false, stdin: "ignore", timeout: LIMIT_MS },
    });
    const output = all ?? "";
    if (timedOut) return end(false, `${output}\nkilled after ${LIMIT_MS / 60_000} minutes`);
    return end(exitCode === 0, output);
  } catch (error) {
    return end(false, error instanceof Error ? error.message : String(error));
  }
}
