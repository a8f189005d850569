import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

const PROJECT = resolve(import.meta.dirname, "../..");
const ROOMS = JSON.parse(readFileSync(join(import.meta.dirname, "rooms.json"), "utf8"));

/** Each path of a room with the room's name. The longest comes first, so an inner room wins. */
const PATHS = Object.entries(ROOMS)
  .flatMap(([name, { paths = [name] }]) => paths.map((path) => [path, name]))
  .sort(([one], [other]) => other.length - one.length);

/**
 * The room of a file, or of an import without its extension. Undefined for the configuration files
 * at the root.
 */
function findRoom(path) {
  return PATHS.find(([room]) => {
    const folder = room.replace(/\.[a-z]+$/, "");
    return [room, folder].includes(path) || path.startsWith(`${folder}/`);
  })?.[1];
}

const matches = (pattern, name) =>
  pattern.endsWith("/*") || pattern.endsWith(":*")
    ? name.startsWith(pattern.slice(0, -1))
    : name === pattern || name.startsWith(`${pattern}/`);

const list = (names) => (names.length === 0 ? "nothing" : names.join(", "));

/** @returns what is wrong with the import; undefined if the table of rooms allows it */
function judge(file, source) {
  const from = findRoom(relative(PROJECT, file).split(sep).join("/"));
  if (from === undefined) return undefined;
  const { imports, packages } = ROOMS[from];
  if (!source.startsWith(".")) {
    return packages === undefined || packages.some((pattern) => matches(pattern, source))
      ? undefined
      : `${from} may use the packages ${list(packages)}, not ${source}.`;
  }
  const target = relative(PROJECT, resolve(dirname(file), source))
    .split(sep)
    .join("/");
  const to = findRoom(target);
  return to === from || imports.includes("any") || imports.includes(to)
    ? undefined
    : `${from} may import ${list(imports)}, not ${to ?? target}.`;
}

/** Rejects an import that dev/rooms/rooms.json does not allow in the file's room. */
export const importRule = {
  meta: { type: "problem", schema: [] },
  create(context) {
    const check = (source) => {
      if (source?.type !== "Literal" || typeof source.value !== "string") return;
      const message = judge(context.filename, source.value);
      if (message !== undefined) context.report({ node: source, message });
    };
    const checkSource = ({ source }) => check(source);
    return {
      ImportDeclaration: checkSource,
      ExportNamedDeclaration: checkSource,
      ExportAllDeclaration: checkSource,
      ImportExpression: checkSource,
      TSImportType: checkSource,
      TSExternalModuleReference: ({ expression }) => check(expression),
      "CallExpression[callee.name='require'], CallExpression[callee.property.name='resolve']": ({
        arguments: [source],
      }) => check(source),
    };
  },
};
