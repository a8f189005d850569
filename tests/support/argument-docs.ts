import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import ts from "typescript";
import { settingOf, type SettingKey } from "../../contract/settings/keys";

const FILE = resolve(__dirname, "../../components/settings/pool-args.ts");

/** The interfaces of the arguments, and the object that each one describes. */
const INTERFACES: Readonly<Record<string, string>> = { PoolArgs: "", DockerArgs: "docker." };

/** The comment of an argument: its text, and its tags by name. */
export interface ArgumentDocs {
  readonly text: string;
  readonly tags: ReadonlyMap<string, string>;
}

/** Returns the comments of the arguments by key. */
export function argumentDocs(): ReadonlyMap<string, ArgumentDocs> {
  const source = ts.createSourceFile(
    FILE,
    readFileSync(FILE, "utf8"),
    ts.ScriptTarget.ES2022,
    true,
  );
  const found = new Map<string, ArgumentDocs>();
  for (const statement of source.statements) {
    if (!ts.isInterfaceDeclaration(statement)) continue;
    const prefix = INTERFACES[statement.name.text];
    if (prefix === undefined) continue;
    for (const member of statement.members) {
      if (member.name === undefined) continue;
      const docs = ts.getJSDocCommentsAndTags(member).find(ts.isJSDoc);
      const text = ts.getTextOfJSDocComment(docs?.comment) ?? "";
      const tags = (docs?.tags ?? []).map((tag): readonly [string, string] => [
        tag.tagName.text,
        ts.getTextOfJSDocComment(tag.comment) ?? "",
      ]);
      found.set(`${prefix}${member.name.getText(source)}`, { text, tags: new Map(tags) });
    }
  }
  return found;
}

/**
 * Returns the example in the comment of an argument as a string.
 * @throws Error if there is no valid example
 */
export function exampleText(key: SettingKey): string {
  const example = argumentDocs().get(key)?.tags.get("example") ?? "";
  const type = settingOf(key).type;
  const parsed = type.parse(JSON.parse(quoteNames(example)));
  if ("problem" in parsed) throw new Error(`the example of ${key} ${parsed.problem}`);
  return type.format(parsed.value);
}

/** Converts an object literal to JSON. */
function quoteNames(example: string): string {
  return example.startsWith("{") ? example.replace(/(\w+):/g, '"$1":') : example;
}
