import keys from "../contract/runner-config/keys.json";
import type { KeyUse } from "../contract/runner-config/key-use";
import { LISTS_OF_TABLES, RUNNER_SECTIONS } from "../contract/runner-config/sections";
import { rowsFor, USE_ROWS } from "../contract/runner-config/uses";
import { isObject } from "../contract/json";
import { SETTING_KEYS, settingOf, type SettingKey } from "../contract/settings/keys";
import { suggestKey } from "./find-key";
import { findTypeProblem } from "./go-types";
import type { TomlPath } from "./key-lines";
import type { TomlDocument } from "./parse-toml";

/** Why a line of a template is wrong. */
export type TemplateFinding = {
  readonly line: number;
  /** The path of the key or section, such as `runners.docker.memory`. */
  readonly key: string;
} & (
  | { readonly kind: "unknown"; readonly meant: string | undefined }
  /** @param rule what is allowed, such as "must be …" */
  | { readonly kind: "invalid"; readonly rule: string; readonly value?: unknown }
  /** A setting provides the value. */
  | { readonly kind: "owned"; readonly setting: SettingKey }
  /** A template must not set it. @param why a sentence */
  | { readonly kind: "reserved"; readonly why: string }
  /** A second runner. */
  | { readonly kind: "another runner" }
);

/** What is wrong with a key or section, without its place. */
type Problem = TemplateFinding extends infer F
  ? F extends TemplateFinding
    ? Omit<F, "line" | "key">
    : never
  : never;

const TYPES: Readonly<Record<string, string>> = keys;

/** Checks each key of a template against gitlab-runner's keys, in the order of their lines. */
export function checkTemplate({ table, lineOf }: TomlDocument): readonly TemplateFinding[] {
  const found: TemplateFinding[] = [];
  const report = (path: TomlPath, key: string, problem: Problem) => {
    found.push({ ...problem, key, line: lineOf(path) });
  };
  const walk = (inside: object, around: TomlPath, section: string) => {
    for (const [name, value] of Object.entries(inside) as [string, unknown][]) {
      const path = [...around, name];
      const key = section === "" ? name : `${section}.${name}`;
      if (name.includes(".") || !isKnown(key)) {
        report(path, key, { kind: "unknown", meant: suggestKey(key) });
        continue;
      }
      const problem = findProblem(key, value);
      if (problem !== undefined) report(path, key, problem);
      else if (RUNNER_SECTIONS.has(key)) {
        for (const [at, one] of tablesIn(value).entries()) {
          const place = Array.isArray(value) ? [...path, at] : path;
          if (key === "runners" && at > 0) report(place, key, { kind: "another runner" });
          else walk(one, place, key);
        }
      }
    }
  };
  walk(table, [], "");
  return found.sort((a, b) => a.line - b.line);
}

function isKnown(key: string): boolean {
  return Object.hasOwn(TYPES, key) || RUNNER_SECTIONS.has(key);
}

function findProblem(key: string, value: unknown): Problem | undefined {
  const owner = SETTING_KEYS.find((one) => settingOf(one).toml === key);
  if (owner !== undefined) return { kind: "owned", setting: owner };
  if (RUNNER_SECTIONS.has(key)) {
    const row = USE_ROWS.find(({ path, isSection }) => isSection && path === key);
    const use = row === undefined ? undefined : describeUse(row.use);
    return use ?? findShapeProblem(key, value);
  }
  const [row] = rowsFor(key);
  const use = row === undefined ? undefined : describeUse(row.use);
  if (use !== undefined) return use;
  const rule = findTypeProblem(TYPES[key] ?? "", value);
  return rule === undefined ? undefined : { kind: "invalid", rule, value };
}

function describeUse(use: KeyUse): Problem | undefined {
  switch (use.kind) {
    case "template":
      return undefined;
    case "setting":
    case "besides": {
      const setting = SETTING_KEYS.find((key) => key === use.setting);
      return setting === undefined ? undefined : { kind: "owned", setting };
    }
    case "fixed":
    case "registration":
    case "unfit":
      return { kind: "reserved", why: use.why };
  }
}

/** Checks that a section is a table, or a list of tables. */
function findShapeProblem(key: string, value: unknown): Problem | undefined {
  const isList = LISTS_OF_TABLES.includes(key);
  const fits = isList ? Array.isArray(value) && value.every(isTable) : isTable(value);
  if (fits) return undefined;
  const brackets = isList
    ? `a list of tables: write [[${key}]], with two pairs of brackets`
    : `a table: write [${key}], with one pair of brackets`;
  return { kind: "invalid", rule: `must be ${brackets}` };
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return isObject(value) && !(value instanceof Date);
}

function tablesIn(value: unknown): readonly object[] {
  return Array.isArray(value) ? value.filter(isTable) : isTable(value) ? [value] : [];
}
