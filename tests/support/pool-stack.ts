import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import execa from "execa";
import type { PlatformFacts } from "../../local/facts";
import { withLock } from "../../local/lock";

const PROJECT = resolve(__dirname, "../..");

/** What a user's checkout holds of the program; a test may change its copy. */
const PROGRAM = [
  "Pulumi.yaml",
  "index.ts",
  "start.js",
  "components",
  "contract",
  "runner-image",
  "sdks",
  "package.json",
  "tsconfig.json",
];

const COMMAND_TIMEOUT_MS = 240_000;

/** Held by the one stack that pushes, and how long the others wait for it. */
const PUSH_LOCK = join(tmpdir(), "gitlab-runner-pool-push.lock");
const PUSH_WAIT_MS = 120_000;

interface RunOptions {
  /** @default "merge" */
  readonly stderr?: "merge" | "ignore";
  /** Gets the output while the command runs. */
  readonly onOutput?: (text: string) => void;
}

export interface PoolStackOptions {
  readonly platform: PlatformFacts;
  /** Stack config; values that are not text are set as JSON under the key. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Environment of every command, as a CD pipeline supplies it. @default none */
  readonly env?: Readonly<Record<string, string>>;
  /** Name of the stack, by which what a killed run left can be found. @default a random one */
  readonly name?: string;
}

export interface CommandResult {
  readonly exitCode: number;
  /** Standard output and error as they came. */
  readonly output: string;
  /** Wall time in milliseconds. */
  readonly ms: number;
}

/** One step of `pulumi preview --json`. */
export interface PreviewStep {
  readonly op: string;
  readonly urn: string;
  /** Paths of the properties that differ. */
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
  readonly diffReasons?: readonly string[];
  readonly replaceReasons?: readonly string[];
}

/**
 * A stack of the real program in a folder and a backend of its own, driven by the commands that a user types.
 * Disposing of it destroys the stack and fails if that fails.
 */
export class PoolStack implements AsyncDisposable {
  /** Swarm service of the top-level pool. */
  readonly serviceName: string;
  env: Record<string, string>;
  private hasPushed = false;

  private constructor(
    /** Copy of the program. */
    readonly folder: string,
    readonly stack: string,
    private readonly platform: PlatformFacts,
    env: Readonly<Record<string, string>>,
  ) {
    this.serviceName = `gitlab-runner-pool-${stack}`;
    this.env = { ...env };
  }

  static async create(options: PoolStackOptions): Promise<PoolStack> {
    const { platform, config, env = {}, name = `t${randomBytes(4).toString("hex")}` } = options;
    const folder = await mkdtemp(join(tmpdir(), "pool-stack-"));
    for (const entry of PROGRAM) {
      await cp(join(PROJECT, entry), join(folder, entry), { recursive: true });
    }
    await symlink(join(PROJECT, "node_modules"), join(folder, "node_modules"));
    await mkdir(join(folder, ".state"));
    const stack = new PoolStack(folder, name, platform, env);
    await stack.must(["stack", "init", stack.stack]);
    await stack.configure(config);
    return stack;
  }

  /** Sets settings as `pulumi config set` does; undefined removes one. */
  async configure(config: Readonly<Record<string, unknown>>): Promise<void> {
    for (const [key, value] of Object.entries(config)) {
      if (value === undefined) await this.must(["config", "rm", key]);
      for (const [path, leaf] of leaves(key, value)) await this.setLeaf(path, String(leaf));
    }
  }

  private setLeaf(path: string, value: string): Promise<CommandResult> {
    return /\btoken$/.test(path)
      ? this.must(["config", "set", "--path", "--secret", path], value)
      : this.must(["config", "set", "--path", path, "--", value]);
  }

  /** `pulumi up`; the result says whether it worked. */
  async up(...flags: string[]): Promise<CommandResult> {
    const args = ["up", "--yes", "--skip-preview", ...flags];
    if (this.hasPushed) return this.pulumi(args);
    this.hasPushed = true;
    return this.pushAlone(args);
  }

  /** `pulumi up` that has to work. */
  async mustUp(...flags: string[]): Promise<CommandResult> {
    return mustWork("up", await this.up(...flags));
  }

  /**
   * Stacks of tests that run at once have one image. A registry that keeps its files in folders may answer 500 for a tag while
   * another stack pushes it, and the docker provider then takes the digest of an older format of the manifest, which is nowhere.
   */
  private async pushAlone(args: readonly string[]): Promise<CommandResult> {
    const options = { waitMs: PUSH_WAIT_MS, what: "pushes an image for a test" };
    // In a list, since the promise itself would be waited for.
    const [result] = await withLock(PUSH_LOCK, options, async () => {
      const pushed = new AbortController();
      const running = this.pulumi(args, undefined, {
        onOutput: (text) => {
          if (text.includes("docker:index:Service")) pushed.abort();
        },
      });
      await Promise.race([once(pushed.signal, "abort"), running]);
      return [running] as const;
    });
    return result;
  }

  /** Steps of `pulumi preview --json` that change something. */
  async changes(): Promise<PreviewStep[]> {
    const { output } = await this.must(["preview", "--json"], undefined, { stderr: "ignore" });
    const { steps } = JSON.parse(output) as { steps?: PreviewStep[] };
    return (steps ?? []).filter(({ op }) => op !== "same" && op !== "read");
  }

  /** Text of `pulumi preview --diff`, as a reviewer sees it. */
  async diff(): Promise<string> {
    return (await this.must(["preview", "--diff", "--color", "never"])).output;
  }

  expectNoChanges(): Promise<CommandResult> {
    return this.must(["preview", "--expect-no-changes"]);
  }

  refresh(): Promise<CommandResult> {
    return this.must(["refresh", "--yes", "--skip-preview"]);
  }

  destroy(): Promise<CommandResult> {
    return this.must(["destroy", "--yes", "--skip-preview"]);
  }

  async outputs(): Promise<Record<string, unknown>> {
    const { output } = await this.must(["stack", "output", "--json"], undefined, {
      stderr: "ignore",
    });
    return JSON.parse(output) as Record<string, unknown>;
  }

  /** The state as it lies in the backend, secrets as ciphertext. */
  async state(): Promise<string> {
    return (await this.must(["stack", "export"])).output;
  }

  /** Environment in which Pulumi's commands work on this stack. */
  get commandEnv(): Record<string, string> {
    return {
      ...this.platform.pulumiEnv,
      PULUMI_BACKEND_URL: `file://${join(this.folder, ".state")}`,
      PULUMI_STACK: this.stack,
      ...this.env,
    };
  }

  async pulumi(
    args: readonly string[],
    input?: string,
    { stderr = "merge", onOutput }: RunOptions = {},
  ): Promise<CommandResult> {
    const start = Date.now();
    const command = execa(this.platform.pulumi, ["--non-interactive", ...args], {
      cwd: this.folder,
      env: this.commandEnv,
      all: true,
      reject: false,
      timeout: COMMAND_TIMEOUT_MS,
      ...(input === undefined ? {} : { input }),
    });
    if (onOutput !== undefined) {
      command.all?.on("data", (chunk: Buffer) => {
        onOutput(chunk.toString());
      });
    }
    const result = await command;
    if (result.timedOut) {
      throw new Error(
        `pulumi ${args.join(" ")} took over ${COMMAND_TIMEOUT_MS} ms:\n${result.all ?? ""}`,
      );
    }
    return {
      exitCode: result.exitCode,
      output: (stderr === "merge" ? result.all : undefined) ?? result.stdout,
      ms: Date.now() - start,
    };
  }

  private async must(
    args: readonly string[],
    input?: string,
    options: RunOptions = {},
  ): Promise<CommandResult> {
    return mustWork(args.slice(0, 3).join(" "), await this.pulumi(args, input, options));
  }

  /** Changes a file of the copy, so that the image has new content. */
  async edit(file: string, text: string): Promise<void> {
    await writeFile(join(this.folder, file), text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.destroy();
    await this.must(["stack", "rm", "--yes", this.stack]);
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Paths and values of the leaves of a nested setting, as `pulumi config set --path` takes them. */
function leaves(path: string, value: unknown): [string, string | number | boolean][] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((item, i) => leaves(`${path}[${i}]`, item));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => leaves(`${path}.${key}`, item));
  }
  return [[path, value as string | number | boolean]];
}

function mustWork(command: string, result: CommandResult): CommandResult {
  if (result.exitCode !== 0) {
    throw new Error(`pulumi ${command} exited ${result.exitCode}:\n${result.output}`);
  }
  return result;
}
