import { resolve } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { bundle } from "../../../../components/bundle";

const PROJECT = resolve(__dirname, "../../../..");

/** Node parses all of it at each start and stop of a replica; it was 128 kB when this was written. */
const LARGEST = 150_000;

describe("the bundle of the entrypoint", () => {
  let text = "";
  beforeAll(() => {
    text = bundle({ root: PROJECT, source: "runner-image/src/main.ts" });
  });

  it("stays small", () => {
    expect(text.length).toBeLessThan(LARGEST);
  });

  it("needs nothing but node", () => {
    const modules = [...text.matchAll(/(?:require|import)\("([^"]+)"\)/g)].map(([, name]) => name);
    expect(modules.filter((name) => name?.startsWith("node:") !== true)).toEqual([]);
  });
});
