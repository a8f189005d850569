import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import { settingOf, type SettingKey } from "../../contract/settings/keys";

const FOLDER = resolve(__dirname, "../../components/settings");

/** The interface of all arguments. */
const ROOT = "PoolArgs";

/** The comment of an argument: its text, and its tags by name. */
export interface ArgumentDocs {
  readonly text: string;
  readonly tags: ReadonlyMap<string, string>;
}

/**
 * Returns the comments of the arguments by key. An argument whose type is an interface of the same
 * folder is an object that contains further arguments.
 */
export function argumentDocs(): ReadonlyMap<string, ArgumentDocs> {
  const interfaces = readInterfaces();
  const found = new Map<string, ArgumentDocs>();
  const visit = (name: string, prefix: string): void => {
    const declaration = interfaces.get(name);
    if (declaration === undefined) return;
    for (const parent of listParents(declaration)) visit(parent, prefix);
    for (const member of declaration.members.filter(ts.isPropertySignature)) {
      const key = `${prefix}${member.name.getText()}`;
      const object = findObject(member.type, interfaces);
      if (object === undefined) found.set(key, readComment(member));
      else visit(object, `${key}.`);
    }
  };
  visit(ROOT, "");
  return found;
}

/** Parses the files that declare arguments. Returns their interfaces by name. */
function readInterfaces(): ReadonlyMap<string, ts.InterfaceDeclaration> {
  const args = join(FOLDER, "args");
  const files = [
    join(FOLDER, "pool-args.ts"),
    ...readdirSync(args).map((file) => join(args, file)),
  ];
  const declared = files.flatMap((file) =>
    ts
      .createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true)
      .statements.filter(ts.isInterfaceDeclaration),
  );
  return new Map(declared.map((declaration) => [declaration.name.text, declaration]));
}

function listParents({ heritageClauses }: ts.InterfaceDeclaration): readonly string[] {
  return (heritageClauses ?? []).flatMap(({ types }) =>
    types.map(({ expression }) => expression.getText()),
  );
}

/** Returns the interface that describes an argument if the argument is an object of arguments. */
function findObject(
  type: ts.TypeNode | undefined,
  interfaces: ReadonlyMap<string, ts.InterfaceDeclaration>,
): string | undefined {
  const parts = type !== undefined && ts.isUnionTypeNode(type) ? type.types : [type];
  return parts.map((part) => part?.getText() ?? "").find((name) => interfaces.has(name));
}

function readComment(member: ts.PropertySignature): ArgumentDocs {
  const docs = ts.getJSDocCommentsAndTags(member).find(ts.isJSDoc);
  const tags = (docs?.tags ?? []).map((tag): readonly [string, string] => [
    tag.tagName.text,
    ts.getTextOfJSDocComment(tag.comment) ?? "",
  ]);
  return { text: ts.getTextOfJSDocComment(docs?.comment) ?? "", tags: new Map(tags) };
}

/**
 * Returns the example in the comment of an argument as a string.
 * @throws Error if there is no valid example
 */
export function exampleText(key: SettingKey): string {
  const type = settingOf(key).type;
  const parsed = type.parse(readExample(key));
  if ("problem" in parsed) throw new Error(`the example of ${key} ${parsed.problem}`);
  return type.format(parsed.value);
}

/** Parses the example in the comment of an argument. */
function readExample(key: SettingKey): unknown {
  const example = argumentDocs().get(key)?.tags.get("example") ?? "";
  const text = example.startsWith("@") ? "" : quoteNames(example);
  return text === "" ? undefined : JSON.parse(text);
}

/** Converts an object literal, or a list of them, to JSON. */
function quoteNames(example: string): string {
  return /^[{[]/.test(example) ? example.replace(/([{,]\s*)(\w+):/g, '$1"$2":') : example;
}
