import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "@jest/globals";

const PROJECT = resolve(__dirname, "../../..");
const read = (file: string): string => readFileSync(join(PROJECT, file), "utf8");

it("docs/library.md shows the example that an end-to-end test runs", () => {
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(read("docs/library.md")) ?? [];
  expect(shown).toBe(read("examples/library/index.ts"));
});
