import { isPlainObject, parseJson } from "../../json";
import type { EntryProblem, Parsed, Problem, SettingType } from "../type";
import { readString } from "./string";

/** Strings by name. */
export type StringMap = Readonly<Record<string, string>>;

const RULE =
  'must be an object with string values, such as {"KEY": "VALUE"}, or lines of the form KEY=VALUE';

/** The checks of an entry. Each returns the rule that the entry violates, and names the entry. */
interface EntryChecks {
  readonly name?: (name: string) => string | undefined;
  /** Called only if the name is valid. */
  readonly value?: (name: string, value: string) => string | undefined;
}

/**
 * Strings by name: an object, JSON, or lines of the form `KEY=VALUE`. Entries are sorted by name,
 * so equal maps always have the same text.
 * @param rule what is allowed
 */
export function map(checks: EntryChecks = {}, rule = RULE): SettingType<StringMap> {
  return {
    label: "map",
    parse: (written) => {
      const entries = readEntries(written, rule);
      if ("problem" in entries) return entries;
      const problems = entries.value.flatMap((entry) => checkEntry(entry, checks));
      return problems.length === 0 ? sortEntries(entries.value) : combine(problems);
    },
    format: (value) => JSON.stringify(value),
    toToml: (value) => ({ ...value }),
  };
}

type Entry = readonly [name: string, value: string];

function checkEntry([name, value]: Entry, checks: EntryChecks): readonly EntryProblem[] {
  const wrongName = checks.name?.(name);
  if (wrongName !== undefined) return [{ name, problem: wrongName, isNameInvalid: true }];
  const wrongValue = checks.value?.(name, value);
  return wrongValue === undefined ? [] : [{ name, problem: wrongValue }];
}

function combine(entries: readonly EntryProblem[]): Problem {
  return { problem: entries.map(({ problem }) => problem).join("; "), entries };
}

function readEntries(written: unknown, rule: string): Parsed<readonly Entry[]> {
  if (typeof written !== "string") return readObjectEntries(written, rule);
  const text = written.trim();
  return text.startsWith("{")
    ? readObjectEntries(parseJson(text), rule)
    : readLines(written.replace(/\s+$/, ""), rule);
}

function readObjectEntries(value: unknown, rule: string): Parsed<readonly Entry[]> {
  if (!isPlainObject(value)) return { problem: rule };
  const read = Object.entries(value).map(([name, one]) => [name, readString(one)] as const);
  if (read.some(([name]) => name === "")) return { problem: `${rule}; one key is empty` };
  const problems = read.flatMap(([name, one]): EntryProblem[] =>
    "value" in one ? [] : [{ name, problem: describeValue(name, value[name], rule) }],
  );
  if (problems.length > 0) return combine(problems);
  return { value: read.map(([name, one]) => [name, "value" in one ? one.value : ""]) };
}

/** Explains that a value is not a string. A decimal number, such as 1.10, may lose digits. */
function describeValue(name: string, value: unknown, rule: string): string {
  if (typeof value === "number" && rule === RULE) {
    return `must have string values; put the value of ${JSON.stringify(name)} in quotes, because a decimal or large number may lose digits`;
  }
  const type = Array.isArray(value)
    ? "a list"
    : typeof value === "object"
      ? "an object"
      : "a number";
  return `${rule}; the value of ${name} is ${value === null ? "null" : type}`;
}

function readLines(text: string, rule: string): Parsed<readonly Entry[]> {
  const entries: Entry[] = [];
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue;
    const [, name, value] = /^\s*([^=\s]+)=(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      // The text of a line may be a secret.
      return { problem: text.includes("\n") ? `${rule}; line ${at + 1} is not one` : rule };
    }
    entries.push([name, value]);
  }
  return { value: entries };
}

function sortEntries(entries: readonly Entry[]): Parsed<StringMap> {
  const names = entries.map(([name]) => name);
  const duplicate = names.find((name, at) => names.indexOf(name) !== at);
  if (duplicate !== undefined) {
    return {
      problem: `must not repeat a key; ${JSON.stringify(duplicate)} appears twice`,
    };
  }
  return { value: Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1))) };
}
