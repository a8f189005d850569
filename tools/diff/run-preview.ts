import execa from "execa";
import { parsePreview, type Preview } from "./preview";

/** A preview that takes longer hangs (ms). */
const TIMEOUT = 15 * 60_000;

export interface PreviewResult {
  readonly preview: Preview;
  readonly succeeded: boolean;
}

/**
 * Runs `pulumi preview --json` in the current folder.
 * @param stack name of the stack. @default the selected one
 * @throws Error if pulumi cannot be started
 */
export async function runPreview(
  stack: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<PreviewResult> {
  const args = ["preview", "--json", "--non-interactive"];
  if (stack !== undefined) args.push("--stack", stack);
  const result = await execa("pulumi", args, {
    env: { ...env },
    extendEnv: false,
    reject: false,
    timeout: TIMEOUT,
  });
  if (result.timedOut) throw new Error(`\`pulumi preview\` took over ${TIMEOUT / 60_000} minutes`);
  // Only a process that did not run has no exit code.
  if ((result.exitCode as number | undefined) === undefined) {
    throw new Error("`pulumi` cannot be run: is it installed and on PATH?");
  }
  const succeeded = result.exitCode === 0;
  return { preview: succeeded ? parsePreview(result.stdout) : failedPreview(result), succeeded };
}

/** A preview that failed early, for example for want of a passphrase, tells why on standard error only. */
function failedPreview({
  stdout,
  stderr,
}: {
  readonly stdout: string;
  readonly stderr: string;
}): Preview {
  if (stdout.trim() !== "") return parsePreview(stdout);
  return { steps: [], diagnostics: [{ severity: "error", message: stderr }], summary: {} };
}
