import execa from "execa";

/** How a run of `pulumi` ended. */
export interface PulumiResult {
  /** Undefined if it could not be started. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs `pulumi` in the current folder.
 * @param limit milliseconds
 * @throws Error if it takes longer
 */
export async function runPulumi(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  limit: number,
): Promise<PulumiResult> {
  const child = execa("pulumi", [...args, "--non-interactive"], {
    env: { ...env },
    extendEnv: false,
    reject: false,
  });
  // execa's own time limit goes on ticking when a program could not be started.
  const limits = setTimeout(() => child.kill("SIGINT"), limit);
  const start = Date.now();
  try {
    const { exitCode, stdout, stderr } = await child;
    if (Date.now() - start >= limit) {
      throw new Error(`\`pulumi ${args.join(" ")}\` took over ${limit / 1000} s`);
    }
    return { exitCode, stdout, stderr };
  } finally {
    clearTimeout(limits);
  }
}
