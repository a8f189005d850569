import { join, resolve } from "node:path";
import execa from "execa";

const PROJECT = resolve(__dirname, "../../..");

/** The rule's message about a line. */
export interface LintMessage {
  readonly line: number;
  readonly message: string;
}

/**
 * Lints texts with one rule of the project's configuration.
 * @param texts the text of each file
 */
export async function lint(
  rule: string,
  texts: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, readonly LintMessage[]>>> {
  const { stdout } = await execa(process.execPath, [join(__dirname, "run-eslint.mjs"), rule], {
    ...{ cwd: PROJECT, input: JSON.stringify(texts) },
  });
  return JSON.parse(stdout) as Record<string, readonly LintMessage[]>;
}
