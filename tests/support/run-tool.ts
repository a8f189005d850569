import { spawn, type ChildProcess } from "node:child_process";
import { resolve } from "node:path";
import execa from "execa";
import { scripts } from "../../package.json";
import { eventually } from "./eventually";

const PROJECT = resolve(__dirname, "../..");

/** Maximum duration of a tool in milliseconds. */
const LIMIT = 60_000;

const CTRL_C = "\u0003";

type Tool = "status" | "reap" | "tidy" | "diff";

export interface ToolResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a tool of the project as a user does: `npm run NAME -- ARGUMENTS`.
 * @param env the user's variables; of this process's variables, only those that locate programs are
 * kept
 */
export async function runTool(
  tool: Tool,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ToolResult> {
  const result = await execa("npm", ["run", "--silent", tool, "--", ...args], {
    cwd: PROJECT,
    env: { ...basicEnv(), ...env },
    extendEnv: false,
    reject: false,
    timeout: LIMIT,
  });
  const { exitCode, stdout, stderr, timedOut } = result;
  if (timedOut) throw new Error(`npm run ${tool} took over ${LIMIT} ms:\n${stdout}\n${stderr}`);
  return { exitCode, stdout, stderr };
}

function basicEnv(): Record<string, string> {
  const { PATH = "", HOME = "/" } = process.env;
  return { PATH, HOME };
}

/**
 * A tool in its own terminal, which `script` creates. It starts what `npm run` would start, but
 * without npm, whose exit code after Ctrl-C is always 130. Disposing of it ends the tool.
 */
export class ToolInTerminal implements Disposable {
  private text = "";

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.on("data", (chunk: Buffer) => {
      this.text += chunk.toString("utf8");
    });
  }

  /** @param columns width of the terminal */
  static start(
    tool: Tool,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    columns: number,
  ): ToolInTerminal {
    const command = `stty cols ${columns}; exec ${scripts[tool]} ${args.join(" ")}`;
    const child = spawn(
      "script",
      ["--quiet", "--return", "--flush", "--command", command, "/dev/null"],
      { cwd: PROJECT, env: { ...basicEnv(), ...env }, stdio: ["pipe", "pipe", "inherit"] },
    );
    return new ToolInTerminal(child);
  }

  /** Everything written so far. */
  get written(): string {
    return this.text;
  }

  /** The last screen: everything written since the screen was cleared. */
  get screen(): string {
    return this.text.slice(this.text.lastIndexOf("\u001b[H") + 1);
  }

  /**
   * Waits until the screen matches a pattern.
   * @throws Error with the screen's actual contents
   */
  async see(pattern: RegExp, timeoutMs: number): Promise<void> {
    try {
      const what = `the terminal to show ${String(pattern)}`;
      await eventually(() => pattern.test(this.screen), { what, timeoutMs });
    } catch (cause) {
      throw new Error(`the terminal does not show ${String(pattern)}:\n${this.screen}`, { cause });
    }
  }

  /**
   * Presses Ctrl-C.
   * @returns the tool's exit code
   */
  async pressCtrlC(timeoutMs: number): Promise<number | null> {
    this.child.stdin?.write(CTRL_C);
    await eventually(() => this.child.exitCode !== null, {
      what: "the tool to end after Ctrl-C",
      timeoutMs,
    });
    return this.child.exitCode;
  }

  [Symbol.dispose](): void {
    if (this.child.exitCode === null) this.child.kill("SIGKILL");
  }
}
