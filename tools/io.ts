import { CommanderError, type Command } from "commander";
import { redactForms } from "../contract/looks-like-secret";
import { toPlainText } from "../contract/plain-text";

/** Input and output of a tool, besides its arguments. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadableStream;
  /** Writes the result. */
  readonly out: Output;
  /** Writes progress and errors. */
  readonly err: Output;
}

export interface Output {
  /** Whether the output is a terminal. */
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/**
 * Restricts the outputs to plain text, so that text from GitLab, jobs and Docker cannot control the
 * terminal. Errors may quote an address with a password, so secrets in them are redacted.
 */
export function plainIo(io: Io): Io {
  const [out, err] = [restrict(io.out, toPlainText), restrict(io.err, toSafeText)];
  return { env: io.env, stdin: io.stdin, out, err };
}

function toSafeText(text: string): string {
  return redactForms(toPlainText(text));
}

function restrict(output: Output, convert: (text: string) => string): Output {
  return {
    get isTTY() {
      return output.isTTY === true;
    },
    get columns() {
      return output.columns ?? 0;
    },
    write: (text) => output.write(convert(text)),
  };
}

/** Exit codes of the tools; docs/exit-codes.md has those of a replica. */
export const TOOL_EXIT = {
  ok: 0,
  /** The tool succeeded and found a problem. */
  problems: 1,
  /** The tool failed. */
  failed: 2,
} as const;

/** Returns the inputs and outputs of this process. */
export function processIo(): Io {
  const { env, stdin, stdout, stderr } = process;
  return { env, stdin, out: stdout, err: stderr };
}

/**
 * Runs a command. Prints an error as one line, but a bug with its stack trace.
 * @param define creates the command, whose action ends with `exitWith`
 * @returns the exit code
 */
export async function runCommand(
  args: readonly string[],
  io: Io,
  define: (exitWith: (code: Promise<number>) => Promise<void>) => Command,
): Promise<number> {
  const { out, err } = plainIo(io);
  let exitCode: number = TOOL_EXIT.ok;
  const command = define(async (code) => {
    exitCode = await code;
  });
  command.exitOverride().configureOutput({
    writeOut: (text) => out.write(text),
    writeErr: (text) => err.write(text),
  });
  try {
    await command.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : TOOL_EXIT.failed;
    err.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return TOOL_EXIT.failed;
  }
}
