import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const PROJECT = resolve(__dirname, "../../..");

/** A Markdown file of the checkout. */
export interface Document {
  /** Relative to the checkout. */
  readonly file: string;
  readonly text: string;
}

/** The Markdown files that users and contributors read, fixtures excluded. */
export function readDocuments(): readonly Document[] {
  const listed = execFileSync(
    "git",
    ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "*.md"],
    { cwd: PROJECT, encoding: "utf8" },
  );
  return listed
    .split("\n")
    .filter((file) => /^(?:README|CONTRIBUTING|CHANGELOG)\.md$|^(?:docs|examples)\//.test(file))
    .map((file) => ({ file, text: readFileSync(join(PROJECT, file), "utf8") }));
}
