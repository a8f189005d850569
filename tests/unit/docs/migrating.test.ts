import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { importConfig, readImported } from "../../support/import-config";

const page = readFileSync(resolve(__dirname, "../../../docs/migrating.md"), "utf8");

/** Returns the content of the block after a comment. */
function blockAfter(comment: string): string {
  const [, content = ""] =
    new RegExp(`<!-- ${comment} -->\\s+\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(page) ?? [];
  return content;
}

describe("docs/migrating.md", () => {
  it("shows what `npm run import-config` prints", async () => {
    const { code, printed } = await importConfig(blockAfter("existing config\\.toml"));
    expect(blockAfter("import-config")).toBe(printed);
    expect(code).toBe(0);
  });

  it("shows an example that the program accepts", () => {
    const result = readImported(blockAfter("import-config"), () => "glrt-t1_0123456789");
    expect("problems" in result ? result.problems : []).toEqual([]);
  });
});
