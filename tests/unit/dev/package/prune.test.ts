import { describe, expect, it } from "@jest/globals";
import { pruneDeclarations } from "../../../../dev/package/prune";

const prune = (files: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(pruneDeclarations(new Map(Object.entries(files)), "lib/index.d.ts"));

describe("pruneDeclarations", () => {
  it("keeps the entry's exports and everything they refer to, with comments", () => {
    const pruned = prune({
      "lib/index.d.ts": 'export { A, type C as D } from "./a";\n',
      "lib/a.d.ts": [
        'import * as z from "zod";',
        'import { type E, type F } from "../other/e";',
        "/** Of use. */",
        "export declare class A extends B { readonly e: E.x; }",
        "interface B { readonly f: typeof f; }",
        "declare const f: number;",
        "export type C = 1;",
        "export declare const schema: z.ZodType<F>;",
      ].join("\n"),
      "other/e.d.ts": "export declare namespace E { type x = 1; }\nexport type F = 2;\n",
    });
    expect(pruned).toEqual({
      "lib/index.d.ts": 'export { A, type C as D } from "./a";\n',
      "lib/a.d.ts": [
        'import type { E } from "../other/e";',
        "/** Of use. */",
        "export declare class A extends B { readonly e: E.x; }",
        "interface B { readonly f: typeof f; }",
        "declare const f: number;",
        "export type C = 1;\n",
      ].join("\n"),
      "other/e.d.ts": "export declare namespace E { type x = 1; }\n",
    });
  });

  it("follows a type imported with import()", () => {
    const pruned = prune({
      "lib/index.d.ts": 'export { a } from "./a";\n',
      "lib/a.d.ts": 'export declare const a: import("./b").B[];\n',
      "lib/b.d.ts": "export type B = 1;\nexport type C = 2;\n",
    });
    expect(pruned["lib/b.d.ts"]).toBe("export type B = 1;\n");
  });

  it("follows a name through a file that re-exports it", () => {
    const pruned = prune({
      "lib/index.d.ts": 'export { A } from "./a";\n',
      "lib/a.d.ts": 'export { A } from "./b";\n',
      "lib/b.d.ts": "export type A = 1;\n",
    });
    expect(Object.keys(pruned)).toEqual(["lib/index.d.ts", "lib/a.d.ts", "lib/b.d.ts"]);
  });

  it("rejects a name that it cannot resolve", () => {
    expect(() => prune({ "lib/index.d.ts": 'export * from "./a";\n' })).toThrow(
      "lib/index.d.ts exports something without its name",
    );
    const index = 'export { A } from "./a";\n';
    expect(() => prune({ "lib/index.d.ts": index, "lib/a.d.ts": "" })).toThrow(
      "lib/a.d.ts does not declare A",
    );
    expect(() => prune({ "lib/index.d.ts": index })).toThrow(
      "a declaration refers to lib/a.d.ts, which does not exist",
    );
  });
});
