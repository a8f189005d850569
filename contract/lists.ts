import { andThen, getProblem, type Parsed, type SettingType } from "./settings/type";
import { readString } from "./settings/types/string";

/** Most tags that GitLab lets a runner have. */
const MAX_TAGS = 50;

const LIST_RULE = "must be a list of texts, or one text with commas between them";

/**
 * What must not stand in an entry: control characters, and half of a character that needs two code
 * units.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

/**
 * A list: from code, as JSON (`["a", "b"]`), or as text with commas between the entries; trimmed,
 * without empty and repeated ones. The program and the replica read a list by this alone, so that
 * both have the same entries.
 */
export const list: SettingType<readonly string[], string | readonly string[]> = {
  label: "list",
  isList: true,
  parse: readList,
  format: formatList,
  toToml: (entries) => [...entries],
};

/** A list whose entries must keep a rule together. @param checkEntries the rule that they break */
export function checkedList(
  checkEntries: (entries: readonly string[]) => string | undefined,
): typeof list {
  return {
    ...list,
    parse: (written) =>
      andThen(readList(written), (entries) => {
        const problem = checkEntries(entries);
        return problem === undefined ? { value: entries } : { problem };
      }),
  };
}

/** Tags of a runner. GitLab takes them with commas between them, so no tag can hold one. */
export const tags = checkedList((entries) => {
  if (entries.length > MAX_TAGS) return `must be at most ${MAX_TAGS} tags`;
  return entries.some((tag) => tag.includes(",")) ? "must have no comma in a tag" : undefined;
});

function readList(written: unknown): Parsed<readonly string[]> {
  const text = readString(Array.isArray(written) ? toJson(written) : written);
  if (getProblem(text) !== undefined) return { problem: LIST_RULE };
  return andThen(text, (value) => {
    const entries = parseEntries(value);
    const problem = problemOf(entries);
    return problem === undefined ? { value: [...new Set(entries)] } : { problem };
  });
}

/**
 * Writes a list so that {@link list} reads the same entries; an empty one is `[]`, which is not the
 * empty text.
 */
function formatList(entries: readonly string[]): string {
  const plain = entries.join(",");
  const isUnambiguous =
    plain !== "" && !plain.startsWith("[") && !entries.some((entry) => entry.includes(","));
  return isUnambiguous ? plain : JSON.stringify(entries);
}

/** A list of code as JSON; undefined for one that has none, such as one that is inside itself. */
function toJson(entries: readonly unknown[]): string | undefined {
  try {
    return JSON.stringify(entries);
  } catch {
    return undefined;
  }
}

/** @returns undefined if the text begins as JSON does, and is not a JSON list of texts */
function parseEntries(text: string): readonly string[] | undefined {
  const written = text.trim().startsWith("[") ? parseJsonEntries(text) : text.split(",");
  return written?.map((entry) => entry.trim()).filter((entry) => entry !== "");
}

function parseJsonEntries(text: string): readonly string[] | undefined {
  try {
    const written: unknown = JSON.parse(text);
    if (!Array.isArray(written)) return undefined;
    // Pulumi makes a number of a text such as 2024.
    const texts = written.map((entry: unknown) =>
      Number.isSafeInteger(entry) ? String(entry) : entry,
    );
    return texts.every((entry) => typeof entry === "string") ? texts : undefined;
  } catch {
    return undefined;
  }
}

function problemOf(entries: readonly string[] | undefined): string | undefined {
  if (entries === undefined) return LIST_RULE;
  if (entries.some((entry) => UNPRINTABLE.test(entry))) {
    return "must have no control character in an entry";
  }
  const quoted = entries.find((entry) => isQuoted(entry) || isHalfQuoted(entry));
  return quoted === undefined ? undefined : "must have no quotes around an entry";
}

/** Whether a text stands in quotes. */
export function isQuoted(text: string): boolean {
  return /^(["'`]).*\1$/su.test(text);
}

/**
 * Whether a text begins or ends with a quote that has no fellow in it: a part of a list in quotes.
 */
function isHalfQuoted(text: string): boolean {
  return /^["'][^"']*$|^[^"']*["']$/u.test(text);
}
