import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { createPool } from "../support/pool-fixture";

describe("an additional pool", () => {
  it("does not inherit what `pulumi config set` or the stack's file sets to null", async () => {
    await using pool = await createPool({
      settings: { cache: { type: "s3", s3: { bucketName: "runner-cache" } }, outputLimit: "8m" },
    });
    const { stack } = pool;
    await stack.configure({ pools: { b: { cache: "null", outputLimit: "null" } } });
    const file = `Pulumi.${stack.stack}.yaml`;
    const config = await readFile(join(stack.folder, file), "utf8");
    expect(config.match(/: "null"$/gm)).toHaveLength(2);

    const byCommand = await countVariables(stack.diff());
    await stack.edit(file, config.replaceAll('"null"', "null"));
    const byFile = await countVariables(stack.diff());
    await stack.edit(file, config.replaceAll(/: "null"$/gm, ":"));
    const byEmptyValue = await countVariables(stack.diff());

    const expected = { RUNNER_CACHE_TYPE: 1, RUNNER_OUTPUT_LIMIT: 1, RUNNER_EXECUTOR: 2 };
    expect([byCommand, byFile, byEmptyValue]).toEqual([expected, expected, expected]);
  });
});

/** Counts in how many services a preview sets each variable. */
async function countVariables(preview: Promise<string>): Promise<Record<string, number>> {
  const text = await preview;
  const names = ["RUNNER_CACHE_TYPE", "RUNNER_OUTPUT_LIMIT", "RUNNER_EXECUTOR"];
  return Object.fromEntries(
    names.map((name) => [name, text.match(new RegExp(`\\b${name}\\b`, "g"))?.length ?? 0]),
  );
}
