import { suggestKey } from "../../config-toml/find-key";
import { findTypeProblem } from "../../config-toml/go-types";
import type { LineOf, TomlPath } from "../../config-toml/key-lines";
import { isObject } from "../../contract/json";
import type { KeyUse } from "../../contract/runner-config/key-use";
import keys from "../../contract/runner-config/keys.json";
import { LISTS_OF_TABLES, RUNNER_SECTIONS } from "../../contract/runner-config/sections";
import { rowsFor, RUNNER_KEY_PATHS, USE_ROWS } from "../../contract/runner-config/uses";
import { SETTING_KEYS, settingOf, type SettingKey } from "../../contract/settings/keys";
import type { FoundKey, Note, SortedKeys } from "./found-key";

const TYPES: Readonly<Record<string, string>> = keys;
/** Keys that a pool cannot set, but from which the value of a setting follows. */
const SOURCES = [
  "runners.limit",
  "runners.tls-ca-file",
  "runners.tls-cert-file",
  "runners.tls-key-file",
  "runners.docker.tls_cert_path",
  "runners.cache.gcs.CredentialsFile",
];

const ALL_PATHS = [...RUNNER_KEY_PATHS, ...RUNNER_SECTIONS];

/**
 * Sorts the keys of a table of config.toml by what happens to them.
 * @param around the path of the table in the document
 * @param section the table's name; empty for the keys outside `[[runners]]`
 */
export function sortKeys(
  table: object,
  around: TomlPath,
  section: string,
  lineOf: LineOf,
): SortedKeys {
  const settings = new Map<SettingKey, FoundKey>();
  const template: FoundKey[] = [];
  const dropped: Note[] = [];
  const parts: FoundKey[] = [];
  const problems: Note[] = [];
  const walk = (inside: object, path: TomlPath, prefix: string) => {
    for (const [name, value] of Object.entries(inside) as [string, unknown][]) {
      const key = findPath(prefix, name);
      const place = [...path, name];
      const found = { key, line: lineOf(place), value: correctCase(key, value) };
      // The token becomes a secret.
      if (key === "runners" || key === "runners.token" || isZero(key, value)) continue;
      // A name in quotes may contain a dot. No name of gitlab-runner does.
      const fate = name.includes(".") ? UNKNOWN : decide(key, value);
      switch (fate.kind) {
        case "setting":
          settings.set(fate.setting, found);
          break;
        case "template":
          template.push(found);
          break;
        case "part":
          parts.push(found);
          break;
        case "section":
          if (isObject(value)) walk(value, place, key);
          break;
        case "dropped":
          dropped.push({ line: found.line, text: `${key}: ${fate.why}` });
          break;
        case "problem":
          problems.push({ line: found.line, text: `${key} ${fate.rule}` });
      }
    }
  };
  walk(table, around, section);
  return { settings, template, parts, dropped, problems };
}

/** What happens to a key. */
type Fate =
  | { readonly kind: "setting"; readonly setting: SettingKey }
  | { readonly kind: "template" }
  /** One of several keys that are one setting here. */
  | { readonly kind: "part" }
  | { readonly kind: "section" }
  | { readonly kind: "dropped"; readonly why: string }
  | { readonly kind: "problem"; readonly rule: string };

const UNKNOWN = { kind: "problem", rule: "is not a key of gitlab-runner" } as const;

function decide(key: string, value: unknown): Fate {
  const setting = SETTING_KEYS.find((one) => settingOf(one).toml === key);
  if (setting !== undefined) return { kind: "setting", setting };
  if (RUNNER_SECTIONS.has(key)) return decideSection(key, value);
  const [row] = rowsFor(key);
  if (row === undefined) {
    const meant = suggestKey(key);
    return meant === undefined
      ? UNKNOWN
      : { kind: "problem", rule: `${UNKNOWN.rule}: did you mean ${meant}?` };
  }
  const fate: Fate = SOURCES.includes(key) ? { kind: "part" } : decideByUse(row.use);
  if (fate.kind !== "template" && fate.kind !== "part") return fate;
  const rule = findTypeProblem(TYPES[key] ?? "", value);
  return rule === undefined ? fate : { kind: "problem", rule };
}

function decideSection(key: string, value: unknown): Fate {
  const whole = USE_ROWS.find(({ path, isSection }) => isSection && path === key);
  const fate = whole === undefined ? undefined : decideByUse(whole.use);
  if (fate !== undefined && fate.kind !== "template") return fate;
  if (!LISTS_OF_TABLES.includes(key)) {
    return isObject(value) ? { kind: "section" } : { kind: "problem", rule: "must be a table" };
  }
  if (!Array.isArray(value)) return { kind: "problem", rule: "must be a list of tables" };
  const fates = RUNNER_KEY_PATHS.filter((one) => one.startsWith(`${key}.`)).flatMap((one) =>
    rowsFor(one).map(({ use }) => decideByUse(use)),
  );
  return fates.find(({ kind }) => kind !== "template") ?? { kind: "template" };
}

function decideByUse(use: KeyUse): Fate {
  switch (use.kind) {
    case "template":
      return { kind: "template" };
    case "setting":
    case "besides":
      return SETTING_KEYS.some((key) => key === use.setting)
        ? { kind: "part" }
        : { kind: "template" };
    case "fixed":
    case "registration":
    case "unfit":
      return { kind: "dropped", why: use.why };
  }
}

/** Returns the path of a key. gitlab-runner ignores case in names. */
function findPath(section: string, name: string): string {
  const path = section === "" ? name : `${section}.${name}`;
  return ALL_PATHS.find((one) => one.toLowerCase() === path.toLowerCase()) ?? path;
}

/** Corrects the case of the names in a list of tables, which becomes a part of a template. */
function correctCase(key: string, value: unknown): unknown {
  if (!LISTS_OF_TABLES.includes(key) || !Array.isArray(value)) return value;
  return value.map((table: unknown) => {
    if (!isObject(table)) return table;
    const entries = Object.entries(table).map(([name, one]) => {
      const path = findPath(key, name);
      return [path.slice(path.lastIndexOf(".") + 1), one] as const;
    });
    return Object.fromEntries(entries);
  });
}

/**
 * Whether a value is the one that gitlab-runner uses for a missing key. It writes many of these
 * into its config.toml.
 */
function isZero(key: string, value: unknown): boolean {
  if (value === "") return true;
  const isPointer = TYPES[key]?.startsWith("*") === true;
  const setting = SETTING_KEYS.find((one) => settingOf(one).toml === key);
  // The setting's default may be another value.
  if (setting !== undefined && settingOf(setting).default !== undefined) return false;
  // Outside this section, gitlab-runner writes no false.
  if (setting !== undefined && value === false && !key.startsWith("runners.docker.")) return false;
  if (value instanceof Date) return value.getTime() <= Date.UTC(1, 0, 1);
  if (isObject(value)) return Object.keys(value).length === 0;
  if (Array.isArray(value)) return value.length === 0;
  return !isPointer && [0n, 0, false].some((zero) => zero === value);
}
