import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { readDocuments } from "../../support/documents/files";
import { findShellBlocks } from "../../support/documents/shell-blocks";

const PROJECT = resolve(__dirname, "../../..");
const EXECUTING_TEST = "tests/e2e/documentation.test.ts";

const blocks = readDocuments().flatMap(findShellBlocks);
const places = blocks.map((block) => ({ ...block, place: `${block.file}:${block.line}` }));

describe("every shell block in the documents", () => {
  it.each(places)("is marked as run or not run: $place", ({ run, notRun }) => {
    expect(run ?? notRun).toBeDefined();
  });

  it("is executed by a test under its own name if it is marked as run", () => {
    const test = readFileSync(join(PROJECT, EXECUTING_TEST), "utf8");
    const executed = [...test.matchAll(/commandsOf\("([\w-]+)"\)/g)].map(([, name = ""]) => name);
    const marked = blocks.flatMap(({ run }) => run ?? []);
    expect(marked.length).toBeGreaterThan(0);
    expect(executed.sort()).toEqual(marked.sort());
  });
});

describe("findShellBlocks", () => {
  const find = (text: string): ReturnType<typeof findShellBlocks> =>
    findShellBlocks({ file: "page.md", text });

  it("reads the mark before a block, with or without a blank line", () => {
    const text =
      "<!-- run: one -->\n\n```sh\nls\n```\n\n<!-- not run: slow -->\n```sh\nmake\n```\n";
    expect(find(text)).toEqual([
      { file: "page.md", line: 3, commands: "ls", run: "one" },
      { file: "page.md", line: 8, commands: "make", notRun: "slow" },
    ]);
  });

  it("finds a block without a mark, also in a list", () => {
    expect(find("- item\n\n  ```sh\n  ls\n  ```\n")).toEqual([
      { file: "page.md", line: 3, commands: "ls" },
    ]);
  });

  it("takes only the typed lines of a console block", () => {
    expect(find("```console\n$ ls\nfile\n```\n")).toMatchObject([{ commands: "ls" }]);
  });

  it("skips blocks of other languages", () => {
    expect(find("```text\nls\n```\n\n```ts\nlet a;\n```\n")).toEqual([]);
  });
});
