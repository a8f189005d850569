import type { TomlTable, TomlValue } from "smol-toml";
import { parseToml, type TomlDocument } from "../../../config-toml/parse-toml";
import { envOf, REPLICA_KEYS, settingOf } from "../../../contract/settings/keys";

/** Where a template and the keys that a replica sets itself differ. */
type Leaf = readonly [path: readonly (string | number)[], value: TomlValue];

const NAME = envOf("configTemplate");

/** Reads the setting `configTemplate`. */
export function readConfigTemplate(
  text = "",
): { readonly document: TomlDocument } | { readonly problem: string } {
  const result = parseToml(text);
  if ("problem" in result) {
    const { line, column, message } = result.problem;
    return { problem: `${NAME} line ${line}, column ${column}, is not valid TOML: ${message}` };
  }
  const { runners = [] } = result.document.table;
  return Array.isArray(runners) && runners.length <= 1 && runners.every(isTable)
    ? result
    : { problem: `${NAME} must have at most one [[runners]]` };
}

/** Returns the table of a template. It is empty if the template is invalid. */
export function templateTable(text: string | undefined): TomlTable {
  const result = readConfigTemplate(text);
  return "document" in result ? result.document.table : {};
}

/**
 * Describes the keys of a template that would have no effect, because the replica or one of its
 * settings sets them.
 * @param own the configuration without the template
 */
export function findConflicts(template: TomlDocument, own: TomlTable): readonly string[] {
  const ownLeaves = listLeaves(own).map(([path, value]) => ({ name: nameOf(path), value }));
  return listLeaves(template.table).flatMap(([path, value]) => {
    const name = nameOf(path);
    const place = `${NAME} line ${template.lineOf(path)} sets ${name}`;
    const key = REPLICA_KEYS.find((one) => overlaps(settingOf(one).toml ?? "", name));
    if (key !== undefined) return [`${place}: set ${envOf(key)} instead`];
    const other = ownLeaves.find((leaf) => overlaps(leaf.name, name));
    const isSame = other?.name === name && show(other.value) === show(value);
    return other === undefined || isSame
      ? []
      : [`${place}, which the replica sets itself: remove it`];
  });
}

/** Lists the values in a table and in the tables inside it, but not those in other lists. */
function listLeaves(table: TomlTable, around: Leaf[0] = []): readonly Leaf[] {
  return Object.entries(table).flatMap(([key, value]): readonly Leaf[] => {
    const path = [...around, key];
    if (isTable(value)) return listLeaves(value, path);
    const [first] = Array.isArray(value) ? value : [];
    const isRunners = around.length === 0 && key === "runners" && isTable(first);
    return isRunners ? listLeaves(first, [...path, 0]) : [[path, value]];
  });
}

/** Formats a path as gitlab-runner's documentation does: `runners.docker.memory`. */
function nameOf(path: Leaf[0]): string {
  return path.filter((part) => typeof part === "string").join(".");
}

/** Whether one of two keys contains the other. gitlab-runner ignores case in names. */
function overlaps(one: string, other: string): boolean {
  const [a, b] = [`${one.toLowerCase()}.`, `${other.toLowerCase()}.`];
  return a.startsWith(b) || b.startsWith(a);
}

function isTable(value: unknown): value is TomlTable {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date)
  );
}

function show(value: TomlValue): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === "bigint" ? Number(one) : one,
  );
}
