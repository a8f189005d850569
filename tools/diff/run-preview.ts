import { PULUMI } from "../../pulumi-cli/commands";
import { runPulumi } from "../../pulumi-cli/run";
import { parsePreview, type Preview } from "./preview";

/** A preview that takes longer is considered stuck. */
const TIMEOUT_MS = 15 * 60_000;

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
  const args = PULUMI.preview(...(stack === undefined ? [] : ["--stack", stack]));
  const { exitCode, stdout, stderr } = await runPulumi(args, { env, timeoutMs: TIMEOUT_MS });
  if (exitCode === undefined) {
    throw new Error("cannot run `pulumi`: is it installed and on PATH?");
  }
  // A preview that failed early, for example because the passphrase is missing, reports the reason
  // only on standard error.
  const preview = stdout.trim() === "" ? failedPreview(stderr) : parsePreview(stdout);
  return { preview, succeeded: exitCode === 0 };
}

function failedPreview(message: string): Preview {
  return { steps: [], diagnostics: [{ severity: "error", message }], summary: {} };
}
