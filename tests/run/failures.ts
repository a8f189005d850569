import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import * as z from "zod/mini";

/** A failed test, or a test file that cannot run. */
export interface Failure {
  /** The file and the test's title. */
  readonly name: string;
  readonly message: string;
}

const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({
          status: z.string(),
          fullName: z.string(),
          failureMessages: z.nullable(z.array(z.string())),
        }),
      ),
    }),
  ),
});

/** The failures in jest's JSON report. @param project folder that file names are relative to */
export function readFailures(report: unknown, project: string): Failure[] {
  return reportSchema.parse(report).testResults.flatMap((file): Failure[] => {
    const name = relative(project, file.name);
    const failed = file.assertionResults.filter(({ status }) => status === "failed");
    if (failed.length === 0)
      return file.status === "failed" ? [{ name, message: file.message }] : [];
    return failed.map(({ fullName, failureMessages }) => ({
      name: `${name}: ${fullName}`,
      message: (failureMessages ?? []).join("\n"),
    }));
  });
}

/**
 * How many lines of a message to show, from its start and from its end. The reason is often at the
 * end of a command's output.
 */
const [FIRST, LAST] = [6, 14];

/**
 * All failures in a few lines each, without stacks, for readers who see only the end of a long log.
 */
export function formatFailures(failures: readonly Failure[]): string[] {
  return failures.flatMap(({ name, message }) => ["", `✗ ${name}`, ...shorten(message)]);
}

function shorten(message: string): string[] {
  const lines = stripVTControlCharacters(message)
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^\s+at /.test(line))
    .map((line) => `    ${line}`);
  if (lines.length <= FIRST + LAST) return lines;
  return [...lines.slice(0, FIRST), "    […]", ...lines.slice(-LAST)];
}
