import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import execa from "execa";
import { topSection } from "./changelog";
import { readCheckout } from "./checkout";
import { listPackageFiles } from "./package-files";
import { problemsOf, type Checkout } from "./problems";
import { dryRunLines, failureLines, problemLines, releasedLines } from "./report";
import { describeStep, stepsOf, type CommandLine, type Plan, type Step } from "./steps";

/**
 * Runs a command in a folder.
 * @throws Error if the command does not exit with 0
 */
export type Run = (command: CommandLine, folder: string) => Promise<void>;

/** Where a release happens. */
export interface Surroundings {
  /** The checkout. */
  readonly project: string;
  /** As `YYYY-MM-DD`. */
  readonly today: string;
  /** Prints a line. */
  readonly say: (line: string) => void;
  /** Runs `npm run check` and `npm test`. */
  readonly runCheck: Run;
  /** Runs the other commands. */
  readonly run: Run;
}

/** Exit codes of `npm run release`. */
export const EXIT = {
  ok: 0,
  /** There are problems, or a step failed. */
  failed: 1,
  /** The command line is wrong. */
  misused: 2,
} as const;

/**
 * Prints what a release would do, and every problem. Changes nothing in the checkout.
 * @returns the exit code
 */
export async function dryRun(around: Omit<Surroundings, "run" | "runCheck">): Promise<number> {
  const { project, today, say } = around;
  const checkout = await readCheckout(project);
  const plan = planOf(checkout);
  const packed = await listPackageFiles(project).catch((error: unknown) => messageOf(error));
  const problems = [
    ...problemsOf(checkout, today),
    ...(typeof packed === "string" ? [`\`npm pack\` fails: ${packed}`] : []),
  ];
  const files = typeof packed === "string" ? [] : packed;
  for (const line of dryRunLines(plan, stepsOf(plan), files, problems)) say(line);
  return problems.length === 0 ? EXIT.ok : EXIT.failed;
}

/**
 * Creates the package and the tag. Pushes and publishes nothing.
 * @returns the exit code
 */
export async function release(around: Surroundings): Promise<number> {
  const { project, today, say } = around;
  const checkout = await readCheckout(project);
  const problems = problemsOf(checkout, today);
  if (problems.length > 0) {
    for (const line of problemLines(problems)) say(line);
    return EXIT.failed;
  }
  const plan = planOf(checkout);
  const done: Step[] = [];
  try {
    for (const step of stepsOf(plan)) {
      say(`> ${describeStep(step)}`);
      // The checks take minutes, in which somebody may have changed the checkout.
      if (step.kind !== "check") await confirmUnchanged(around, checkout);
      await take(step, around);
      done.push(step);
    }
  } catch (error) {
    for (const line of failureLines(messageOf(error), done)) say(line);
    return EXIT.failed;
  }
  for (const line of releasedLines(plan)) say(line);
  return EXIT.ok;
}

/** Runs a command that shows its own output. */
export async function show([file, ...args]: CommandLine, folder: string): Promise<void> {
  await execa(file, args, { cwd: folder, stdio: "inherit" });
}

/** The plan of a release. If the section is malformed, it has the placeholders of a heading. */
function planOf({ changelog, name, commit }: Checkout): Plan {
  const section = topSection(changelog);
  return {
    version: section?.version ?? "X.Y.Z",
    date: section?.date ?? "YYYY-MM-DD",
    notes: section?.notes ?? "",
    name,
    commit,
  };
}

async function confirmUnchanged(
  { project, today }: Surroundings,
  { commit }: Checkout,
): Promise<void> {
  const now = await readCheckout(project);
  const problems = [
    ...problemsOf(now, today),
    ...(now.commit === commit ? [] : [`HEAD moved from ${commit} to ${now.commit}`]),
  ];
  if (problems.length > 0) {
    throw new Error(`the checkout changed during the release: ${problems.join("; ")}`);
  }
}

async function take(step: Step, { project, runCheck, run }: Surroundings): Promise<void> {
  if (step.kind === "write") {
    const file = join(project, step.file);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, step.text);
    return;
  }
  await (step.kind === "check" ? runCheck : run)(step.command, project);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
