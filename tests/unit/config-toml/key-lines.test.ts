import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { stringify } from "smol-toml";
import type { TomlPath } from "../../../config-toml/key-lines";
import { parseToml } from "../../../config-toml/parse-toml";

function lineOf(text: string, ...path: TomlPath): number {
  const result = parseToml(text);
  if ("problem" in result) throw new Error(result.problem.message);
  return result.document.lineOf(path);
}

describe("the line of a key in TOML", () => {
  it.each<[name: string, text: string, path: TomlPath, line: number]>([
    ["a plain key", "a = 1\nb = 2\n", ["b"], 2],
    ["a key after Windows line endings", "a = 1\r\n\r\nb = 2\r\n", ["b"], 3],
    ["a key after a byte order mark", "\ufeffa = 1\nb = 2", ["b"], 2],
    ["a key after comments", "# a = 1\na = 1 # [b]\n# c\nb = 2", ["b"], 4],
    ["a dotted key", "x = 1\na . b.c = 2", ["a", "b", "c"], 2],
    ["a key in quotes", "x = 1\n\"a b\".'c.d' = 2", ["a b", "c.d"], 2],
    ["a key with an escape sequence", 'x = 1\n"\\u0061" = 2', ["a"], 2],
    ["a key after a multi-line string", 'a = """\nb = 1\n\\"""\n"""""\nb = 2', ["b"], 5],
    ["a key after a literal string", "a = '''\n[b]\n''c'''\nb = 2", ["b"], 4],
    ["a key after a list of several lines", 'a = [\n  "]", # ]\n  2,\n]\nb = 2', ["b"], 5],
    ["a key in an inline table", "a = { b = 1, c = { d = 2 } }\n", ["a", "c", "d"], 1],
    ["a key in a list of inline tables", "a = [\n{ b = 1 },\n{ b = 2 } ]", ["a", 1, "b"], 3],
    ["a key after a date with a space", "a = [1979-05-27 07:32:00, 1]\nb = 2", ["b"], 2],
    ["a table", "\n[a.b]\n\n[a.c]\nd = 1", ["a", "c"], 4],
    ["a key of a table", "[a.b]\nc = 1\n[a.d]\nc = 2", ["a", "d", "c"], 4],
    ["a key of the second table of a list", "[[a]]\nb = 1\n[[a]]\nb = 2", ["a", 1, "b"], 4],
    ["a table below a list", "[[a]]\n[a.b]\nc = 1\n[[a]]\n[a.b]\nc = 2", ["a", 1, "b", "c"], 6],
    ["a list below a list", "[[a]]\n[[a.b]]\nc=1\n[[a.b]]\nc=2", ["a", 0, "b", 1, "c"], 5],
    ["the table around an unknown path", "x = 1\n[a]\nb = 1", ["a", "c", "d"], 2],
  ])("is found for %s", (_name, text, path, line) => {
    expect(lineOf(text, ...path)).toBe(line);
  });

  it("is found after a string of 64 KiB", () => {
    const long = `${"x".repeat(50_000)}${'\\"'.repeat(7_000)}`;
    expect(lineOf(`a = """${long}"""\nb = "${long}"\nc = 1`, "c")).toBe(3);
  });

  it("is the line that contains the key, in any document", () => {
    const name = fc.stringMatching(/^[a-z"'\\. =#[\]\u00e9-]{1,6}$/);
    const table = fc.dictionary(name, fc.oneof(fc.integer(), fc.string(), fc.array(fc.string())));
    fc.assert(
      fc.property(fc.dictionary(name, table), (tables) => {
        const text = stringify(tables);
        for (const [section, pairs] of Object.entries(tables)) {
          for (const key of Object.keys(pairs)) {
            const line = text.split("\n")[lineOf(text, section, key) - 1] ?? "";
            const [shown = ""] = stringify({ [key]: 0 }).split(" = 0");
            expect(line.startsWith(`${shown} = `)).toBe(true);
          }
        }
      }),
    );
  });
});
