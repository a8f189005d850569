import { join, relative, sep } from "node:path";
import ts from "typescript";
import { pruneDeclarations } from "./prune";

/**
 * The type declarations of a module's exports and of everything they refer to, by path.
 * @param root folder that the paths are relative to
 * @param source the module, as a path relative to `root`
 * @throws Error if the module has type errors and therefore no declarations
 */
export function buildDeclarations(root: string, source: string): ReadonlyMap<string, string> {
  return pruneDeclarations(emit(root, source), source.replace(/\.ts$/, ".d.ts"));
}

/** Every declaration file that the compiler emits for a module and its imports. */
function emit(root: string, source: string): ReadonlyMap<string, string> {
  const file = join(root, "tsconfig.json");
  const config: unknown = ts.readConfigFile(file, (path) => ts.sys.readFile(path)).config;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const emitted = new Map<string, string>();
  const program = ts.createProgram([join(root, source)], {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: root,
  });
  const { diagnostics } = program.emit(undefined, (path, text) => {
    emitted.set(relative(root, path).split(sep).join("/"), text);
  });
  if (diagnostics.length > 0) {
    throw new Error(
      diagnostics
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))
        .join("\n"),
    );
  }
  return emitted;
}
