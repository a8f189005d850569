import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { bundle } from "../../../stack/bundle";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "bundle-"));
  write("main.ts", 'import { say } from "./say"; say();\n');
  write("say.ts", 'export const say = (): void => process.stdout.write("one");\n');
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(name: string, text: string): void {
  writeFileSync(join(root, name), text);
}

/** Returns the only file in the cache. */
function cachedFile(): string {
  const [name = ""] = readdirSync(join(root, ".cache"));
  return join(root, ".cache", name);
}

/** Marks the cached bundle. Only a bundle from the cache contains the mark. */
function mark(): void {
  const file = cachedFile();
  writeFileSync(file, readFileSync(file, "utf8").replace("one", "kept"));
}

const bundled = (): string => bundle({ root, source: "main.ts" });

describe("bundle", () => {
  it("combines a file and its imports into one text", () => {
    expect(bundled()).toContain("one");
    expect(bundled()).not.toContain("import ");
  });

  it("reuses the cached bundle while the sources are unchanged", () => {
    bundled();
    mark();
    expect(bundled()).toContain("kept");
  });

  it.each([
    ["an imported file", "say.ts", 'export const say = (): string => "two";\n'],
    ["the entry point", "main.ts", 'process.stdout.write("two");\n'],
    ["package.json", "package.json", "{}"],
    ["tsconfig.json", "tsconfig.json", "{}"],
  ])("bundles again after a change of %s", (_, name, text) => {
    bundled();
    mark();
    write(name, text);
    expect(bundled()).not.toContain("kept");
  });

  it("bundles again with other options", () => {
    bundled();
    mark();
    expect(bundle({ root, source: "main.ts", options: { minify: true } })).not.toContain("kept");
  });

  it("bundles again if the cached bundle is damaged", () => {
    bundled();
    writeFileSync(cachedFile(), "{");
    expect(bundled()).toContain("one");
  });

  it("works without a cache if the cache cannot be written", () => {
    write(".cache", "a file instead of a folder");
    expect(bundled()).toContain("one");
  });

  it("reports an error in the sources", () => {
    mkdirSync(join(root, "broken"));
    write("broken/main.ts", "const = 1;\n");
    expect(() => bundle({ root, source: "broken/main.ts" })).toThrow("Expected identifier");
  });
});
