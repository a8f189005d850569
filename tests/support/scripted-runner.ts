import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildSync } from "esbuild";

/**
 * How a scripted gitlab-runner behaves. Times are in milliseconds. By default it behaves as the
 * real one without jobs.
 */
export interface RunnerScript {
  /**
   * Time until it exits after SIGQUIT; null: it ignores the signal.
   * @default 0
   */
  readonly quit?: number | null;
  /**
   * Time until it exits after SIGTERM; null: it ignores the signal.
   * @default 0
   */
  readonly term?: number | null;
  /** It exits without a signal. */
  readonly crash?: { readonly after: number; readonly code: number };
  /** Signals that it ignores the first time. */
  readonly deafTo?: readonly string[];
  /**
   * Time until its workers have started; null: they never start. It serves metrics at once.
   * @default 0
   */
  readonly begin?: number | null;
  /**
   * Number of jobs that run until it exits.
   * @default 0
   */
  readonly jobs?: number;
  /**
   * Time after SIGHUP until its pending job request is answered.
   * @default 0
   */
  readonly request?: number;
  /** It serves no metrics. */
  readonly isSilent?: boolean;
  /** It never reloads its configuration. */
  readonly ignoresReload?: boolean;
}

let built: string | undefined;

/** @returns a folder with a program `gitlab-runner` that follows the script in POOL_SCRIPT */
export function scriptedRunner(): string {
  if (built === undefined) {
    built = mkdtempSync(join(tmpdir(), "scripted-runner-"));
    const { outputFiles } = buildSync({
      entryPoints: [resolve(__dirname, "scripted-runner-program.ts")],
      bundle: true,
      platform: "node",
      format: "cjs",
      banner: { js: `#!${process.execPath}` },
      write: false,
    });
    const program = join(built, "gitlab-runner");
    writeFileSync(program, outputFiles[0]?.text ?? "");
    chmodSync(program, 0o755);
  }
  return built;
}

export interface RunnerCall {
  readonly args: readonly string[];
  /** Signals that it has received, in order. */
  readonly signals: readonly string[];
}

/** Reads what the scripted gitlab-runner in a folder has recorded. */
export function readRunnerCall(folder: string): RunnerCall {
  return JSON.parse(readFileSync(join(folder, "runner-call.json"), "utf8")) as RunnerCall;
}
