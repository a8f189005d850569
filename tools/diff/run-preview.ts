import { runPulumi } from "../run-pulumi";
import { parsePreview, type Preview } from "./preview";

/** A preview that takes longer hangs (ms). */
const LIMIT = 15 * 60_000;

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
  const args = ["preview", "--json", ...(stack === undefined ? [] : ["--stack", stack])];
  const { exitCode, stdout, stderr } = await runPulumi(args, env, LIMIT);
  if (exitCode === undefined) {
    throw new Error("`pulumi` cannot be run: is it installed and on PATH?");
  }
  // A preview that failed early, for example for want of a passphrase, tells why on standard error only.
  const preview = stdout.trim() === "" ? failedPreview(stderr) : parsePreview(stdout);
  return { preview, succeeded: exitCode === 0 };
}

function failedPreview(message: string): Preview {
  return { steps: [], diagnostics: [{ severity: "error", message }], summary: {} };
}
