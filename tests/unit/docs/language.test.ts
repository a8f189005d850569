import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { proseFiles } from "../../../dev/language/files";
import { findForms } from "../../../dev/language/find-forms";
import { FORMS } from "../../../dev/language/forms";

const PROJECT = resolve(__dirname, "../../..");

const files = proseFiles(PROJECT);

describe("the list of forbidden forms", () => {
  it.each(FORMS)("finds “$example”", ({ example, instead }) => {
    expect(findForms("page.md", example).map((finding) => finding.instead)).toContain(instead);
  });

  it.each([
    ["a Markdown file", "page.md", "A page.\n\nThe stack\n> needs a network of its\n> own.\n", 4],
    ["a comment", "file.ts", "const a = 1;\n/**\n * A network of its\n * own.\n */\n", 3],
    ["line comments", "file.ts", "// A network of its\n// own.\n", 1],
    ["a string", "file.ts", 'call(\n  "a network of its own",\n);\n', 2],
    ["a template", "file.ts", "call(`a ${kind} of its own`);\n", 1],
    ["a shell script", "file.sh", "true\n\n# A network of its own.\n", 3],
    ["a page", "page.html", "<p>\n  A network of its own.\n</p>\n", 2],
  ])("is applied to %s, across line breaks", (_, path, content, line) => {
    expect(findForms(path, content)).toMatchObject([{ found: expect.anything(), line }]);
  });

  it("is not applied to code", () => {
    expect(findForms("file.ts", "const told = heed(mend);\n")).toEqual([]);
  });
});

describe("the texts of this repository", () => {
  it("are found", () => {
    for (const file of ["README.md", "docs/replica.md", "index.ts", "runner-image/entrypoint.sh"]) {
      expect(files).toContain(file);
    }
  });

  it("contain no forbidden form", () => {
    const findings = files.flatMap((file) =>
      findForms(file, readFileSync(join(PROJECT, file), "utf8")).map(
        ({ line, found, instead }) => `${file}:${line}: "${found.trim()}": write ${instead}`,
      ),
    );
    expect(findings).toEqual([]);
  });
});
