import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { bundle } from "../../../../stack/bundle";

const PROJECT = resolve(__dirname, "../../../..");

/**
 * Node.js parses the bundle at each start and stop of a replica. It had 290 kB, and 94 kB
 * compressed, when there were about 110 settings, and about 1 kB more for each further one. The
 * limit leaves room for more rows, but not for another library. Removing images takes 9 kB.
 */
const LARGEST = 352_000;

/** The limit for the compressed bundle in a layer of the image. */
const LARGEST_PACKED = 114_500;

describe("the bundle of the entrypoint", () => {
  let text = "";
  beforeAll(() => {
    text = bundle({ root: PROJECT, source: "runner-image/src/main.ts" });
  });

  it("stays below its size limits", () => {
    expect(text.length).toBeLessThan(LARGEST);
    expect(gzipSync(text).length).toBeLessThan(LARGEST_PACKED);
  });

  it("requires only modules of Node.js", () => {
    const modules = [...text.matchAll(/(?:require|import)\("([^"]+)"\)/g)].map(([, name]) => name);
    expect(modules.filter((name) => name?.startsWith("node:") !== true)).toEqual([]);
  });
});
