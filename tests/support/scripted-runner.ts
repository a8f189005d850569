import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildSync } from "esbuild";

/** How a scripted gitlab-runner behaves. Times are milliseconds; what is left out, it does as the real one, without jobs. */
export interface RunnerScript {
  /** How long it takes to end after SIGQUIT; null: it ignores it. @default 0 */
  readonly quit?: number | null;
  /** The same for SIGTERM. @default 0 */
  readonly term?: number | null;
  /** It ends by itself. */
  readonly crash?: { readonly after: number; readonly code: number };
  /** Signals that it loses the first time. */
  readonly deafTo?: readonly string[];
  /** Time until it has workers; null: it never has. Its metrics it serves at once. @default 0 */
  readonly begin?: number | null;
  /** Jobs that run until it ends. @default 0 */
  readonly jobs?: number;
  /** Time after SIGHUP until its open job request is answered. @default 0 */
  readonly request?: number;
  /** It serves no metrics. */
  readonly isSilent?: boolean;
  /** It never reloads its configuration. */
  readonly ignoresReload?: boolean;
}

let built: string | undefined;

/** @returns a folder with a program `gitlab-runner` that acts by the script in POOL_SCRIPT */
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
  /** Signals that it got, in order. */
  readonly signals: readonly string[];
}

/** What the scripted gitlab-runner of a place has seen. */
export function readRunnerCall(place: string): RunnerCall {
  return JSON.parse(readFileSync(join(place, "runner-call.json"), "utf8")) as RunnerCall;
}
