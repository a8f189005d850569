import { isPlainObject, parseJson } from "../../json";
import type { Parsed, SettingType } from "../type";
import { readString } from "./string";

/** Texts by name. */
export type StringMap = Readonly<Record<string, string>>;

const RULE = "must be an object of texts, JSON, or lines of the form KEY=VALUE";

/**
 * Texts by name: an object, JSON, or one `KEY=VALUE` a line. The names are kept in the order of
 * their code units, so that the same map is always the same text.
 * @param entryProblem the rule that an entry breaks, if it breaks one
 */
export function map(
  entryProblem: (name: string, value: string) => string | undefined = () => undefined,
): SettingType<StringMap> {
  return {
    label: "map",
    parse: (written) => {
      const entries = readEntries(written);
      if (entries === undefined) return { problem: RULE };
      const problem = entries
        .map(([name, value]) => entryProblem(name, value))
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

/** @returns undefined for what is not an object of texts */
function readObjectEntries(value: unknown): Entries | undefined {
  if (!isPlainObject(value)) return undefined;
  const entries = Object.entries(value).map(([name, one]) => [name, readString(one)] as const);
  return entries.every(isRead)
    ? entries.map(([name, one]) => [name, "value" in one ? one.value : ""])
    : undefined;
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
      problem: `must name each key once, and ${JSON.stringify(duplicate)} stands there twice`,
    };
  }
  return { value: Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1))) };
}
