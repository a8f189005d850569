import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { bundle } from "../../../components/bundle";

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

/** The one file in which a bundle is kept. */
function keptFile(): string {
  const [name = ""] = readdirSync(join(root, ".cache"));
  return join(root, ".cache", name);
}

/** Puts a mark into what is kept, which only a bundle that is taken from there shows. */
function mark(): void {
  const file = keptFile();
  writeFileSync(file, readFileSync(file, "utf8").replace("one", "kept"));
}

const bundled = (): string => bundle({ root, source: "main.ts" });

describe("bundle", () => {
  it("puts a file and its imports into one text", () => {
    expect(bundled()).toContain("one");
    expect(bundled()).not.toContain("import ");
  });

  it("takes what is kept while the sources are the same", () => {
    bundled();
    mark();
    expect(bundled()).toContain("kept");
  });

  it.each([
    ["an imported file", "say.ts", 'export const say = (): string => "two";\n'],
    ["the entry point", "main.ts", 'process.stdout.write("two");\n'],
    ["package.json", "package.json", "{}"],
    ["tsconfig.json", "tsconfig.json", "{}"],
  ])("bundles anew after a change of %s", (_, name, text) => {
    bundled();
    mark();
    write(name, text);
    expect(bundled()).not.toContain("kept");
  });

  it("bundles anew with other options", () => {
    bundled();
    mark();
    expect(bundle({ root, source: "main.ts", options: { minify: true } })).not.toContain("kept");
  });

  it("bundles anew when what is kept is damaged", () => {
    bundled();
    writeFileSync(keptFile(), "{");
    expect(bundled()).toContain("one");
  });

  it("keeps nothing where nothing can be written", () => {
    write(".cache", "a file stands in the way");
    expect(bundled()).toContain("one");
  });

  it("says what is wrong with the sources", () => {
    mkdirSync(join(root, "broken"));
    write("broken/main.ts", "const = 1;\n");
    expect(() => bundle({ root, source: "broken/main.ts" })).toThrow("Expected identifier");
  });
});
