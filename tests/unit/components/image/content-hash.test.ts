import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { hashContent, digestFiles } from "../../../../components/image/content-hash";

let context: string;

beforeEach(() => {
  context = mkdtempSync(join(tmpdir(), "context-"));
});

afterEach(() => {
  rmSync(context, { recursive: true });
});

it("digestFiles returns 12 digits for each file and the target of each link, ordered by name", () => {
  for (const name of ["b", "a", "c"]) writeFileSync(join(context, name), `${name}\n`);
  mkdirSync(join(context, "b2"));
  writeFileSync(join(context, "b2/x"), "");
  writeFileSync(join(context, "b2.x"), "");
  symlinkSync("a/long/way/off", join(context, "d"));

  expect(digestFiles(context)).toEqual({
    a: "87428fc52280",
    b: "0263829989b6",
    "b2.x": "e3b0c44298fc",
    "b2/x": "e3b0c44298fc",
    c: "a3a5e715f0cc",
    d: "a/long/way/off",
  });
  expect(Object.keys(digestFiles(context))).toEqual(["a", "b", "b2.x", "b2/x", "c", "d"]);
});

it("hashContent never changes for the same input, which would replace every replica of every pool", () => {
  writeFileSync(join(context, "a"), "a\n");

  expect(hashContent(context, { B: "2", A: "1" })).toBe("5fe9fd821a2a");
});

it("the hash distinguishes a link from a file that contains its target", () => {
  writeFileSync(join(context, "a"), "b");
  const file = hashContent(context, {});
  rmSync(join(context, "a"));
  symlinkSync("b", join(context, "a"));

  expect(hashContent(context, {})).not.toBe(file);
});

it("the hash changes with the target of a link", () => {
  symlinkSync("b", join(context, "a"));
  const before = hashContent(context, {});
  rmSync(join(context, "a"));
  symlinkSync("c", join(context, "a"));

  expect(hashContent(context, {})).not.toBe(before);
});

it.each([
  ["one\r\ntwo\r\n", "one\ntwo\n", true],
  ["\u00fc\r\n", "\u00fc\n", true],
  ["one\rtwo", "one\ntwo", false],
  ["one", "two", false],
])("the hash of %j equals the hash of %j: %s", (one, other, same) => {
  writeFileSync(join(context, "a"), one);
  const before = digestFiles(context);
  writeFileSync(join(context, "a"), other);

  expect(digestFiles(context)["a"] === before["a"]).toBe(same);
});
