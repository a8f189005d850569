import { andThen, getProblem, type Parsed, type SettingType } from "./settings/type";
import { readString } from "./settings/types/string";

/** GitLab's limit for the number of a runner's tags. */
const MAX_TAGS = 50;

const LIST_RULE = "must be a list of strings, or a comma-separated string";

/** Characters that an entry must not contain: control characters and unpaired surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

/**
 * A list: an array in code, JSON (`["a", "b"]`), or a string with commas between the entries.
 * Entries are trimmed, and empty and duplicate ones removed. The program and the replica both use
 * this type, so they always read the same entries.
 */
export const list: SettingType<readonly string[], string | readonly string[]> = {
  label: "list",
  isList: true,
  parse: readList,
  format: formatList,
  toToml: (entries) => [...entries],
};

/** A list with a rule for its entries. @param check returns the rule that they violate */
export function checkedList(
  check: (entries: readonly string[]) => string | undefined,
): typeof list {
  return {
    ...list,
    parse: (written) =>
      andThen(readList(written), (entries) => {
        const problem = check(entries);
        return problem === undefined ? { value: entries } : { problem };
      }),
  };
}

/** Tags of a runner. GitLab's API separates tags with commas, so a tag cannot contain one. */
export const tags = checkedList((entries) => {
  if (entries.length > MAX_TAGS) {
    return `must be a list of at most ${MAX_TAGS} tags; it has ${entries.length}`;
  }
  return entries.some((tag) => tag.includes(","))
    ? "must not contain a tag with a comma"
    : undefined;
});

function readList(written: unknown): Parsed<readonly string[]> {
  const text = readString(Array.isArray(written) ? toJson(written) : written);
  if (getProblem(text) !== undefined) return { problem: LIST_RULE };
  return andThen(text, (value) => {
    const entries = parseEntries(value);
    const problem = checkEntries(entries);
    return problem === undefined ? { value: [...new Set(entries)] } : { problem };
  });
}

/**
 * Formats a list so that {@link list} parses the same entries. An empty list is `[]`, because an
 * empty string counts as unset.
 */
function formatList(entries: readonly string[]): string {
  const plain = entries.join(",");
  const isUnambiguous =
    plain !== "" && !plain.startsWith("[") && !entries.some((entry) => entry.includes(","));
  return isUnambiguous ? plain : JSON.stringify(entries);
}

/** Converts a list to JSON; undefined if that is impossible, for example if it contains itself. */
function toJson(entries: readonly unknown[]): string | undefined {
  try {
    return JSON.stringify(entries);
  } catch {
    return undefined;
  }
}

/** @returns undefined if the text starts with `[` but is not a JSON list of strings */
function parseEntries(text: string): readonly string[] | undefined {
  const written = text.trim().startsWith("[") ? parseJsonEntries(text) : text.split(",");
  return written?.map((entry) => entry.trim()).filter((entry) => entry !== "");
}

function parseJsonEntries(text: string): readonly string[] | undefined {
  try {
    const written: unknown = JSON.parse(text);
    if (!Array.isArray(written)) return undefined;
    // Pulumi turns a string such as 2024 into a number.
    const texts = written.map((entry: unknown) =>
      Number.isSafeInteger(entry) ? String(entry) : entry,
    );
    return texts.every((entry) => typeof entry === "string") ? texts : undefined;
  } catch {
    return undefined;
  }
}

function checkEntries(entries: readonly string[] | undefined): string | undefined {
  if (entries === undefined) return LIST_RULE;
  if (entries.some((entry) => UNPRINTABLE.test(entry))) {
    return "must not contain control characters";
  }
  const quoted = entries.find((entry) => isQuoted(entry) || isHalfQuoted(entry));
  return quoted === undefined ? undefined : "must be a list without quotes around its entries";
}

/** Whether a string is in quotes. */
export function isQuoted(text: string): boolean {
  return /^(["'`]).*\1$/su.test(text);
}

/** Whether a string starts or ends with an unmatched quote: it is part of a list in quotes. */
function isHalfQuoted(text: string): boolean {
  return /^["'][^"']*$|^[^"']*["']$/u.test(text);
}
