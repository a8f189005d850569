import { isPlainObject, parseJson } from "../../json";
import type { Parsed, SettingType } from "../type";
import { readString } from "./string";

/** Strings by name. */
export type StringMap = Readonly<Record<string, string>>;

const RULE =
  'must be an object with string values, such as {"KEY": "VALUE"}, or lines of the form KEY=VALUE';

/**
 * Strings by name: an object, JSON, or lines of the form `KEY=VALUE`. Entries are sorted by name,
 * so equal maps always have the same text.
 * @param checkEntry returns the rule that an entry violates
 */
export function map(
  checkEntry: (name: string, value: string) => string | undefined = () => undefined,
): SettingType<StringMap> {
  return {
    label: "map",
    parse: (written) => {
      const entries = readEntries(written);
      if (entries === undefined) return { problem: findNumber(written) ?? RULE };
      const problem = entries
        .map(([name, value]) => checkEntry(name, value))
        .find((one) => one !== undefined);
      return problem === undefined ? sortEntries(entries) : { problem };
    },
    format: (value) => JSON.stringify(value),
    toToml: (value) => ({ ...value }),
  };
}

type Entries = readonly (readonly [name: string, value: string])[];

function readEntries(written: unknown): Entries | undefined {
  if (typeof written !== "string") return readObjectEntries(written);
  const text = written.trim();
  return text.startsWith("{") ? readObjectEntries(parseJson(text)) : readLines(text);
}

/** @returns undefined if the value is not an object with string values */
function readObjectEntries(value: unknown): Entries | undefined {
  if (!isPlainObject(value)) return undefined;
  const entries = Object.entries(value).map(([name, one]) => [name, readString(one)] as const);
  return entries.every(isRead)
    ? entries.map(([name, one]) => [name, "value" in one ? one.value : ""])
    : undefined;
}

/** Names the value that is a decimal or large number, which may lose digits as in 1.10. */
function findNumber(written: unknown): string | undefined {
  const entries: unknown = typeof written === "string" ? parseJson(written.trim()) : written;
  if (!isPlainObject(entries)) return undefined;
  const [name] =
    Object.entries(entries).find(
      ([, value]) => typeof value === "number" && "problem" in readString(value),
    ) ?? [];
  return name === undefined
    ? undefined
    : `must have string values; put the value of ${JSON.stringify(name)} in quotes, because a decimal or large number may lose digits`;
}

function isRead([name, parsed]: readonly [string, Parsed<string>]): boolean {
  return name !== "" && "value" in parsed;
}

function readLines(text: string): Entries | undefined {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const entries = lines.map((line) => /^\s*([^=\s]+)=(.*)$/.exec(line));
  return entries.every((entry) => entry !== null)
    ? entries.map(([, name = "", value = ""]) => [name, value])
    : undefined;
}

function sortEntries(entries: Entries): Parsed<StringMap> {
  const names = entries.map(([name]) => name);
  const duplicate = names.find((name, at) => names.indexOf(name) !== at);
  if (duplicate !== undefined) {
    return {
      problem: `must not repeat a key; ${JSON.stringify(duplicate)} appears twice`,
    };
  }
  return { value: Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1))) };
}
