import { posix } from "node:path";
import ts from "typescript";
import { DeclarationFile, type Origin } from "./declaration-file";

/**
 * Reduces declaration files to the exports of an entry file and everything they refer to. The
 * library's types then do not depend on packages that only its code uses.
 * @param files text by path
 * @returns the files that are not empty afterwards
 */
export function pruneDeclarations(
  files: ReadonlyMap<string, string>,
  entry: string,
): ReadonlyMap<string, string> {
  const parsed = new Map([...files].map(([path, text]) => [path, new DeclarationFile(path, text)]));

  const fileAt = (path: string): DeclarationFile => {
    const file = parsed.get(path);
    if (file === undefined)
      throw new Error(`a declaration refers to ${path}, which does not exist`);
    return file;
  };

  /** Keeps a name of a file, and everything its declaration refers to. */
  const keep = (file: DeclarationFile, name: string): void => {
    for (const statement of file.take(name)) {
      for (const named of namesIn(statement)) keep(file, named);
      for (const origin of importsIn(statement)) follow(file, origin);
    }
    const origin = file.originOf(name);
    if (origin !== undefined) follow(file, origin);
  };

  const follow = (file: DeclarationFile, { module, name }: Origin): void => {
    if (!module.startsWith(".")) return;
    const target = fileAt(`${posix.join(posix.dirname(file.path), module)}.d.ts`);
    if (!target.has(name)) throw new Error(`${target.path} does not declare ${name}`);
    keep(target, name);
  };

  const start = fileAt(entry);
  for (const name of start.exported) keep(start, name);
  return new Map(
    [...parsed].flatMap(([path, file]) => (file.isEmpty ? [] : [[path, file.text] as const])),
  );
}

/** The type names in a declaration. For `a.B` it is `a`. */
function namesIn(statement: ts.Statement): readonly string[] {
  return listNodes(statement).flatMap((node) => {
    if (ts.isTypeReferenceNode(node)) return [firstIdentifier(node.typeName)];
    if (ts.isTypeQueryNode(node)) return [firstIdentifier(node.exprName)];
    return ts.isExpressionWithTypeArguments(node) ? [firstIdentifier(node.expression)] : [];
  });
}

/** The names in `import("./file").Name` of a declaration. */
function importsIn(statement: ts.Statement): readonly Origin[] {
  return listNodes(statement)
    .filter(ts.isImportTypeNode)
    .map(({ argument, qualifier }) => ({
      module: argument.getText().slice(1, -1),
      name: qualifier === undefined ? "*" : firstIdentifier(qualifier),
    }));
}

function listNodes(node: ts.Node): readonly ts.Node[] {
  const below: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    below.push(...listNodes(child));
  });
  return [node, ...below];
}

function firstIdentifier(name: ts.Node): string {
  if (ts.isQualifiedName(name)) return firstIdentifier(name.left);
  return ts.isPropertyAccessExpression(name) ? firstIdentifier(name.expression) : name.getText();
}
