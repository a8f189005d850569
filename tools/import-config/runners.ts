import type { TomlDocument } from "../../config-toml/parse-toml";
import { isObject } from "../../contract/json";
import { redactSecrets } from "../../contract/redact";
import { looksSecret } from "./find-secrets";

/** A runner of a config.toml. */
export interface Runner {
  /** Its name; `number 2` if it has none, or one that contains a secret. */
  readonly name: string;
  readonly line: number;
  /** Its path in the document. */
  readonly path: readonly [string, number];
  readonly table: Readonly<Record<string, unknown>>;
}

/** Lists the runners of a config.toml. @param hidden strings that nothing may print */
export function listRunners(
  { table, lineOf }: TomlDocument,
  hidden: readonly string[],
): readonly Runner[] {
  const [list = "runners"] = findNames(table, "runners");
  const all: unknown = table[list];
  const tables: readonly unknown[] = Array.isArray(all) ? all : [];
  return tables.filter(isObject).map((runner, index) => {
    const name = readKey(runner, "name");
    const isShown =
      typeof name === "string" &&
      name.trim() !== "" &&
      !looksSecret("name", name) &&
      redactSecrets(name, hidden) === name;
    return {
      name: isShown ? name : `number ${index + 1}`,
      line: lineOf([list, index]),
      path: [list, index],
      table: runner,
    };
  });
}

/** Reads a key of a table. gitlab-runner ignores case in names. */
export function readKey(table: Readonly<Record<string, unknown>>, name: string): unknown {
  const [found] = findNames(table, name);
  return found === undefined ? undefined : table[found];
}

function findNames(table: object, name: string): readonly string[] {
  const names = Object.keys(table).filter((one) => one.toLowerCase() === name);
  return names.includes(name) ? [name] : names;
}
