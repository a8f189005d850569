import { describeStep, pushCommand, tarballOf, type Plan, type Step } from "./steps";

/** The lines of a dry run. */
export function dryRunLines(
  plan: Plan,
  steps: readonly Step[],
  files: readonly string[],
  problems: readonly string[],
): readonly string[] {
  return [
    `Dry run of release ${plan.version}: nothing changes.`,
    "",
    "Steps:",
    ...steps.map(
      (step, index) =>
        `  ${index + 1}. ${describeStep(step)}${step.kind === "check" ? " (the dry run skips it)" : ""}`,
    ),
    `Afterwards, you run: ${pushCommand(plan)}`,
    "",
    "Notes of the release:",
    "",
    ...plan.notes.split("\n").map((line) => (line === "" ? "" : `  ${line}`)),
    "",
    `Files in ${tarballOf(plan)}:`,
    ...(files.length === 0 ? ["  unknown, because `npm pack` fails"] : indent(files)),
    "",
    ...(problems.length === 0 ? ["No problems. Next: npm run release"] : problemLines(problems)),
  ];
}

/** The lines that stop a release. */
export function problemLines(problems: readonly string[]): readonly string[] {
  return [
    "Problems:",
    ...indent(problems.map((problem) => `- ${problem}`)),
    "",
    "Nothing was released. Next: solve the problems, then npm run release -- --dry-run",
  ];
}

/** The lines after a successful release. */
export function releasedLines(plan: Plan): readonly string[] {
  return [
    "",
    `Released ${plan.version} in this checkout. Nothing was pushed or published.`,
    `package.json is private, so npm does not publish it: attach ${tarballOf(plan)} to the release by hand, or install it by its path.`,
    `Next: ${pushCommand(plan)}`,
  ];
}

/**
 * The lines after a failure: what exists already, and how to remove it.
 * @param done the steps that succeeded
 */
export function failureLines(cause: string, done: readonly Step[]): readonly string[] {
  const undo = done.flatMap((step) => (step.kind === "check" ? [] : [step.undo])).reverse();
  return [
    "",
    cause,
    ...(done.length === 0
      ? ["No step was completed."]
      : ["Completed before:", ...indent(done.map(describeStep))]),
    ...(undo.length === 0
      ? ["Nothing was created, so there is nothing to undo."]
      : ["To undo, run:", ...indent(undo)]),
    "Next: solve the problem, then npm run release",
  ];
}

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}
