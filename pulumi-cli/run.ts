import execa from "execa";

/** How a run of `pulumi` ended. */
export interface PulumiResult {
  /** Undefined if `pulumi` could not be started. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Both streams, interleaved. */
  readonly output: string;
}

export interface RunOptions {
  /** The complete environment of the command. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  /** @default `pulumi` from PATH */
  readonly program?: string;
  /** @default the current folder */
  readonly cwd?: string;
  /** Standard input. @default none */
  readonly input?: string | undefined;
  /** Called with the output while the command runs. */
  readonly onOutput?: ((text: string) => void) | undefined;
}

/** How long `pulumi` may take to save its state after it was interrupted. */
const INTERRUPT_TIMEOUT_MS = 60_000;

/**
 * Runs `pulumi` without questions.
 * @throws Error if the command exceeds its timeout, with the output as the cause
 */
export async function runPulumi(
  args: readonly string[],
  { env, timeoutMs, program = "pulumi", cwd, input, onOutput }: RunOptions,
): Promise<PulumiResult> {
  const child = execa(program, ["--non-interactive", ...args], {
    ...{ env: { ...env }, extendEnv: false, reject: false, all: true },
    ...(cwd !== undefined && { cwd }),
    ...(input !== undefined && { input }),
  });
  child.all?.on("data", (chunk: Buffer) => onOutput?.(chunk.toString()));
  // execa's own timeout keeps running when a program could not be started.
  const limits = [
    setTimeout(() => child.kill("SIGINT"), timeoutMs),
    setTimeout(() => child.kill("SIGKILL"), timeoutMs + INTERRUPT_TIMEOUT_MS),
  ];
  const startMs = Date.now();
  try {
    const { exitCode, stdout, stderr, all = "" } = await child;
    if (Date.now() - startMs >= timeoutMs) {
      throw new Error(`\`pulumi ${args.join(" ")}\` did not finish within ${timeoutMs / 1000} s`, {
        cause: new Error(all),
      });
    }
    return { exitCode, stdout, stderr, output: all };
  } finally {
    limits.forEach(clearTimeout);
  }
}
