import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";

const PROJECT = resolve(__dirname, "../../..");

/** Tests and folders of tests, as the document names them: `image/signals`, `unit/runner-image`. */
const namesIn = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(/`((?:unit|image|e2e)\/[\w/-]+)`/g)].map(([, name = ""]) => name)),
];

describe("docs/reliability.md", () => {
  const names = namesIn(readFileSync(join(PROJECT, "docs/reliability.md"), "utf8"));

  it.each(names)("names %s, which exists", (name) => {
    const path = join(PROJECT, "tests", name);
    expect(existsSync(`${path}.test.ts`) || existsSync(path)).toBe(true);
  });

  it("names a test for each of its promises", () => {
    expect(names.length).toBeGreaterThan(40);
  });
});
