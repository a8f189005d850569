import { describe, expect, it } from "@jest/globals";
import { differingPaths } from "../../../tools/diff/differing-paths";

describe("differingPaths", () => {
  it.each<[string, object, object, readonly string[]]>([
    ["nothing", { a: { b: [1] } }, { a: { b: [1] } }, []],
    ["a value inside", { a: { b: 1, c: 2 } }, { a: { b: 3, c: 2 } }, ["a.b"]],
    ["what comes and goes", { a: 1 }, { b: 1 }, ["a", "b"]],
    ["an item of a list of maps", { a: [{ id: "1" }] }, { a: [{ id: "2" }] }, ["a[0].id"]],
    ["a list of another length", { a: [{ id: "1" }] }, { a: [] }, ["a"]],
    ["a list of plain values", { tags: ["a", "b"] }, { tags: ["a", "c"] }, ["tags"]],
    ["not Pulumi's own notes", { a: { __defaults: [] } }, { a: { __defaults: ["b"] } }, []],
  ])("lists %s", (_what, before, after, paths) => {
    expect(differingPaths(before, after)).toEqual(paths);
  });
});
