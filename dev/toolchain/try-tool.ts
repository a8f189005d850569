import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Commands } from "../commands";
import { isPlugin, type Tool } from "./tools";

/** The result of a trial run: the tool's version, or a clause that says what went wrong. */
export type Trial = { readonly version: string } | { readonly failure: string };

const TRY_TIMEOUT_MS = 20_000;

/** Longest quotation of a program's output in a message. */
const QUOTED = 160;

/**
 * Runs a tool's first program. A plugin starts the same way as under the engine and passes if it
 * prints the port on which it listens. Its version is the one in the name of its folder or
 * download. Other programs print their version.
 */
export async function tryTool(commands: Commands, folder: string, tool: Tool): Promise<Trial> {
  const program = join(folder, tool.programs[0]);
  if (isPlugin(tool)) {
    const failure = await startPlugin(program);
    return failure === undefined ? { version: tool.version } : { failure };
  }
  return askVersion(commands, program, tool.versionArgument);
}

async function askVersion(commands: Commands, program: string, argument: string): Promise<Trial> {
  try {
    const text = await commands.read(program, [argument], {
      env: { PULUMI_SKIP_UPDATE_CHECK: "1" },
      timeoutMs: TRY_TIMEOUT_MS,
    });
    const version = /v?\d+\.\d+\.\d+\S*/.exec(text)?.[0];
    return version === undefined ? { failure: "it printed no version" } : { version };
  } catch (error) {
    return { failure: firstLine(error instanceof Error ? error.message : String(error)) };
  }
}

/**
 * Starts a plugin without an engine, which every plugin allows for debugging, and stops it again.
 * @returns what went wrong if it printed no port; undefined if it did
 */
async function startPlugin(program: string): Promise<string | undefined> {
  const child = spawn(program, [], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const port = new Promise<undefined>((resolve) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (/^\d{1,5}$/.test(line.trim())) resolve(undefined);
    });
  });
  const ended = once(child, "close").then(
    (end) => {
      const [code, signal] = end as [number | null, NodeJS.Signals | null];
      const how = code === null ? `was killed by ${signal ?? "a signal"}` : `exited with ${code}`;
      const words = firstLine(said);
      return `it ${how}${words === "" ? "" : ` (${words})`}`;
    },
    (error: unknown) => `it cannot be started (${firstLine(String(error))})`,
  );
  const silence = AbortSignal.timeout(TRY_TIMEOUT_MS);
  const late = once(silence, "abort").then(
    () => `it printed no port within ${TRY_TIMEOUT_MS / 1000} s`,
  );
  try {
    return await Promise.race([port, ended, late]);
  } finally {
    child.kill("SIGKILL");
  }
}

function firstLine(text: string): string {
  return (text.trim().split("\n")[0] ?? "").trim().slice(0, QUOTED);
}
