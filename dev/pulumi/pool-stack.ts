import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { SETTING_KEYS, settingOf } from "../../contract/settings/keys";
import { isSecretText } from "../../contract/settings/setting";
import { PULUMI } from "../../pulumi-cli/commands";
import { runPulumi } from "../../pulumi-cli/run";
import type { PlatformFacts } from "../facts";
import { withLock } from "../lock";
import { pathsFor } from "../rooms/rooms";

const PROJECT = resolve(__dirname, "../..");

/** The program's files in a user's checkout. A test may change its copy. */
const PROGRAM = [
  ...pathsFor("stack"),
  "Pulumi.yaml",
  "runner-image",
  "sdks",
  "package.json",
  "tsconfig.json",
];

const COMMAND_TIMEOUT_MS = 240_000;

/** Held by the one stack that pushes an image. The timeout is for the stacks that wait. */
const PUSH_LOCK = join(tmpdir(), "gitlab-runner-pool-push.lock");
const PUSH_WAIT_MS = 120_000;

interface RunOptions {
  /** @default "merge" */
  readonly stderr?: "merge" | "ignore";
  /** Receives the output while the command runs. */
  readonly onOutput?: (text: string) => void;
}

export interface PoolStackOptions {
  readonly platform: PlatformFacts;
  /** Stack config. Values that are not strings are set as JSON under the key. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Environment of every command, as a CD pipeline provides it. @default none */
  readonly env?: Readonly<Record<string, string>>;
  /** The stack's name, which helps to find what a killed run left. @default a random name */
  readonly name?: string;
  /** Copies the program into an empty folder. @default the program of this checkout */
  readonly program?: (folder: string) => Promise<void>;
}

export interface CommandResult {
  readonly exitCode: number;
  /** Standard output and error, in the order in which they arrived. */
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
 * A stack of the real program in its own folder and backend, driven by the commands that a user
 * types. Disposing of it destroys the stack, and fails if that fails.
 */
export class PoolStack implements AsyncDisposable {
  env: Record<string, string>;
  private hasPushed = false;

  private constructor(
    /** Copy of the program. */
    readonly folder: string,
    public stack: string,
    private readonly platform: PlatformFacts,
    env: Readonly<Record<string, string>>,
  ) {
    this.env = { ...env };
  }

  /** Swarm service of the default pool. */
  get serviceName(): string {
    return `gitlab-runner-pool-${this.stack}`;
  }

  static async create(options: PoolStackOptions): Promise<PoolStack> {
    const { platform, config, env = {}, name = `t${randomBytes(4).toString("hex")}` } = options;
    const folder = await mkdtemp(join(tmpdir(), "pool-stack-"));
    await (options.program ?? copyProgram)(folder);
    await mkdir(join(folder, ".state"));
    const stack = new PoolStack(folder, name, platform, env);
    await stack.must(["stack", "init", stack.stack]);
    await stack.configure(config);
    return stack;
  }

  /**
   * Sets settings with `pulumi config set`, and all that are not secrets with one command. A value
   * of undefined removes the setting.
   */
  async configure(config: Readonly<Record<string, unknown>>): Promise<void> {
    const plain: string[] = [];
    for (const [key, value] of Object.entries(config)) {
      if (value === undefined) await this.must(["config", "rm", "--path", key]);
      for (const [path, leaf] of leaves(key, value)) {
        if (isSecret(path, String(leaf))) {
          await this.must(["config", "set", "--path", "--secret", path], String(leaf));
        } else plain.push("--plaintext", `${path}=${leaf}`);
      }
    }
    if (plain.length > 0) await this.must(["config", "set-all", "--path", ...plain]);
  }

  /** `pulumi up`. The result says whether it succeeded. */
  async up(...flags: string[]): Promise<CommandResult> {
    const args = PULUMI.up(...flags);
    if (this.hasPushed) return this.pulumi(args);
    this.hasPushed = true;
    return this.pushAlone(args);
  }

  /** `pulumi up`, which must succeed. */
  async mustUp(...flags: string[]): Promise<CommandResult> {
    return mustWork("up", await this.up(...flags));
  }

  /**
   * Concurrent tests push the same image. A registry with a file system backend may answer 500 for
   * a tag while another stack pushes it. The docker provider then falls back to the digest of an
   * older manifest format, which does not exist anywhere.
   */
  private async pushAlone(args: readonly string[]): Promise<CommandResult> {
    const options = { waitMs: PUSH_WAIT_MS, what: "is pushing an image for a test" };
    // In a list, because `withLock` would await the promise itself.
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
    return (await this.steps()).filter(({ op }) => op !== "same" && op !== "read");
  }

  /** All steps of `pulumi preview --json`, including those that change nothing. */
  async steps(): Promise<PreviewStep[]> {
    const { output } = await this.must(PULUMI.preview("--show-sames"), undefined, {
      stderr: "ignore",
    });
    return (JSON.parse(output) as { steps?: PreviewStep[] }).steps ?? [];
  }

  /** Output of `pulumi preview --diff`, as a reviewer sees it. */
  async diff(): Promise<string> {
    return (await this.must(["preview", "--diff", "--color", "never"])).output;
  }

  expectNoChanges(): Promise<CommandResult> {
    return this.must(["preview", "--expect-no-changes"]);
  }

  /** Fails if a preview after `pulumi refresh` would show changes. The state stays as it is. */
  expectNoChangesAfterRefresh(): Promise<CommandResult> {
    return this.must(["preview", "--refresh", "--expect-no-changes"]);
  }

  /** `pulumi stack rename`. */
  async rename(name: string): Promise<void> {
    await this.must(["stack", "rename", name]);
    this.stack = name;
  }

  refresh(): Promise<CommandResult> {
    return this.must(PULUMI.refresh());
  }

  destroy(): Promise<CommandResult> {
    return this.must(PULUMI.destroy());
  }

  async outputs(): Promise<Record<string, unknown>> {
    const { output } = await this.must(PULUMI.outputs(), undefined, {
      stderr: "ignore",
    });
    return JSON.parse(output) as Record<string, unknown>;
  }

  /** The state file's content, with encrypted secrets. */
  async state(): Promise<string> {
    return (await this.must(PULUMI.exportState())).output;
  }

  /** Environment for pulumi commands on this stack. */
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
    const result = await runPulumi(args, {
      program: this.platform.pulumi,
      cwd: this.folder,
      env: { ...process.env, ...this.commandEnv },
      timeoutMs: COMMAND_TIMEOUT_MS,
      ...{ input, onOutput },
    });
    return {
      exitCode: result.exitCode ?? -1,
      output: stderr === "merge" ? result.output : result.stdout,
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

  /** Changes a file of the copy, which changes the image's content. */
  async edit(file: string, text: string): Promise<void> {
    await writeFile(join(this.folder, file), text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.destroy();
    await this.must(PULUMI.remove(this.stack));
    await rm(this.folder, { recursive: true, force: true });
  }
}

/**
 * Whether a path in stack config, such as `pools.big.token`, belongs to a secret setting. Other
 * programs name their secrets after what they are, such as `small-token`.
 */
function isSecret(path: string, value: string): boolean {
  const isSetting = SETTING_KEYS.some(
    (key) => `.${path}.`.includes(`.${key}.`) && isSecretText(settingOf(key), value),
  );
  return isSetting || /\b(?:token|password)$/.test(path);
}

async function copyProgram(folder: string): Promise<void> {
  for (const entry of PROGRAM) {
    await cp(join(PROJECT, entry), join(folder, entry), { recursive: true });
  }
  await symlink(join(PROJECT, "node_modules"), join(folder, "node_modules"));
}

/** Paths and values of the leaves of a nested setting, for `pulumi config set --path`. */
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
    throw new Error(`pulumi ${command} exited with ${result.exitCode}:\n${result.output}`);
  }
  return result;
}
