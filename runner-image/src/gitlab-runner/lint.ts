import { execFile } from "node:child_process";
import { toPlainLine } from "../../../contract/plain-text";

/** How long gitlab-runner may take. It needs a third of a second on an idle machine. */
const TIMEOUT_MS = 30_000;

/** gitlab-runner's words are cut after this many characters. */
const MAX_LENGTH = 1_000;

/** The result of `gitlab-runner lint`. */
export type LintResult =
  | { readonly kind: "valid" }
  /** @param message gitlab-runner's words, on one line. They may contain values. */
  | { readonly kind: "invalid"; readonly message: string }
  /** @param reason why gitlab-runner did not check the file */
  | { readonly kind: "unchecked"; readonly reason: string };

/** Checks a config.toml with gitlab-runner, without an effect on GitLab. */
export function lintConfig(
  file: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<LintResult> {
  // The replica's own variables may hold secrets, and gitlab-runner expands `$NAME` in a URL.
  const { PATH, HOME } = env;
  return new Promise((resolve) => {
    execFile(
      "gitlab-runner",
      ["lint", "--config", file],
      { env: { PATH, HOME }, timeout: TIMEOUT_MS, killSignal: "SIGKILL", signal },
      (error, _stdout, stderr) => {
        resolve(error === null ? { kind: "valid" } : explainFailure(error, stderr, file));
      },
    );
  });
}

/** @param error of Node.js, with the exit code or why the process did not run */
function explainFailure(
  error: { readonly code?: unknown; readonly killed?: boolean },
  stderr: string,
  file: string,
): LintResult {
  if (error.killed === true) {
    return { kind: "unchecked", reason: `it took longer than ${TIMEOUT_MS / 1000} s` };
  }
  if (typeof error.code !== "number") {
    return { kind: "unchecked", reason: `it did not run (${String(error.code)})` };
  }
  const [, words = ""] = /FATAL: ([\s\S]*)/.exec(toPlainWords(stderr)) ?? [];
  if (words.startsWith("Command lint not found")) {
    return { kind: "unchecked", reason: "this version has no command `lint`" };
  }
  return words === ""
    ? { kind: "unchecked", reason: `it ended with exit code ${error.code}` }
    : { kind: "invalid", message: words.replaceAll(file, "config.toml").slice(0, MAX_LENGTH) };
}

function toPlainWords(text: string): string {
  return toPlainLine(text).replace(/\s+/g, " ").trim();
}
