import { CommanderError, type Command } from "commander";

/** What a tool reads and writes besides its arguments. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadableStream;
  /** Takes the result. */
  readonly out: Output;
  /** Takes progress and errors. */
  readonly err: Output;
}

export interface Output {
  /** Whether a person looks at it in a terminal. */
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Exit codes of the tools; docs/exit-codes.md has those of a replica. */
export const TOOL_EXIT = {
  ok: 0,
  /** The tool did its work and found that something is not as it should be. */
  found: 1,
  /** The tool could not do its work. */
  failed: 2,
} as const;

/**
 * Runs a command and turns errors into one line and an exit code; a bug shows its stack.
 * @param command its action returns the exit code through `done`
 */
export async function runCommand(
  command: Command,
  args: readonly string[],
  io: Io,
  exitCode: () => number,
): Promise<number> {
  command.exitOverride().configureOutput({
    writeOut: (text) => io.out.write(text),
    writeErr: (text) => io.err.write(text),
  });
  try {
    await command.parseAsync([...args], { from: "user" });
    return exitCode();
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : TOOL_EXIT.failed;
    io.err.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return TOOL_EXIT.failed;
  }
}
