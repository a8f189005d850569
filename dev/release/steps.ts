import { join } from "node:path/posix";

/** A program and its arguments. */
export type CommandLine = readonly [string, ...string[]];

/** One step of a release. */
export type Step =
  /** Checks the checkout and creates nothing. */
  | { readonly kind: "check"; readonly command: CommandLine }
  /** Writes a file. */
  | { readonly kind: "write"; readonly file: string; readonly text: string; readonly undo: string }
  /** Runs a command that creates something. */
  | { readonly kind: "run"; readonly command: CommandLine; readonly undo: string };

/** What is released. */
export interface Plan {
  readonly version: string;
  /** The package's name. */
  readonly name: string;
  /** The hash of the commit that gets the tag. */
  readonly commit: string;
  /** The date in CHANGELOG.md. */
  readonly date: string;
  /** The text of the section in CHANGELOG.md. */
  readonly notes: string;
}

/** git ignores this folder. It is relative to the checkout. */
const TARGET = ".local/release";

/** The steps of a release. The tag is last: if a step fails, there is no tag. */
export function stepsOf(plan: Plan): readonly Step[] {
  const tag = tagOf(plan);
  const notes = join(TARGET, `${tag}.md`);
  return [
    { kind: "check", command: ["npm", "run", "check"] },
    { kind: "check", command: ["npm", "test"] },
    { kind: "write", file: notes, text: tagMessage(plan), undo: `rm ${notes}` },
    {
      kind: "run",
      command: ["npm", "pack", "--pack-destination", TARGET],
      undo: `rm ${tarballOf(plan)}`,
    },
    {
      kind: "run",
      // By default git drops lines that begin with #, which are headings here.
      command: [
        "git",
        "tag",
        "--annotate",
        "--cleanup=whitespace",
        "--file",
        notes,
        tag,
        plan.commit,
      ],
      undo: `git tag --delete ${tag}`,
    },
  ];
}

/** Describes a step in one line. */
export function describeStep(step: Step): string {
  return step.kind === "write" ? `write the notes to ${step.file}` : step.command.join(" ");
}

/** The name of the release's tag. */
function tagOf({ version }: Pick<Plan, "version">): string {
  return `v${version}`;
}

/** The tarball that `npm pack` creates, relative to the checkout. */
export function tarballOf({ name, version }: Pick<Plan, "name" | "version">): string {
  return join(TARGET, `${name.replace(/^@/, "").replace("/", "-")}-${version}.tgz`);
}

/** The command that publishes the tag. The release does not run it. */
export function pushCommand(plan: Pick<Plan, "version">): string {
  return `git push origin main ${tagOf(plan)}`;
}

/** The tag's message: a title, which `git tag -n` shows, and the notes. */
function tagMessage({ version, date, notes }: Plan): string {
  return `${version} - ${date}\n\n${notes}\n`;
}
