import { parseGlob } from "../../glob/parse";
import { parseJson } from "../../json";
import { list } from "../../lists";
import { andThen, type SettingType } from "../type";

const MAX_PATTERN_LENGTH = 1000;

/**
 * Patterns of images, with gitlab-runner's syntax. In a string, a comma separates patterns unless
 * it is in braces: `{ruby,node}:*,alpine` is two patterns.
 */
export const imagePatterns: SettingType<readonly string[], string | readonly string[]> = {
  ...list,
  parse: (written) =>
    andThen(list.parse(splitText(written)), (patterns) => {
      const problem = patterns.map(checkPattern).find((one) => one !== undefined);
      return problem === undefined ? { value: patterns } : { problem };
    }),
  format: formatPatterns,
};

/** Splits a string of patterns. Returns other values, and JSON, unchanged. */
function splitText(written: unknown): unknown {
  if (typeof written !== "string" || Array.isArray(parseJson(written))) return written;
  return written.includes("{") ? splitOutsideBraces(written) : written;
}

function splitOutsideBraces(text: string): readonly string[] {
  const entries: string[] = [""];
  let depth = 0;
  // A backslash belongs to the character after it.
  for (const character of text.match(/\\.|./gsu) ?? []) {
    if (character === "{") depth += 1;
    if (character === "}") depth = Math.max(0, depth - 1);
    if (character === "," && depth === 0) entries.push("");
    else entries.push(`${entries.pop() ?? ""}${character}`);
  }
  return entries;
}

/** Formats patterns so that the same ones are parsed. */
function formatPatterns(patterns: readonly string[]): string {
  const text = list.format(patterns);
  const parsed = list.parse(splitText(text));
  const isSame =
    "value" in parsed &&
    parsed.value.length === patterns.length &&
    parsed.value.every((pattern, at) => pattern === patterns[at]);
  return isSame ? text : JSON.stringify(patterns);
}

function checkPattern(pattern: string): string | undefined {
  if (pattern.length > MAX_PATTERN_LENGTH) {
    return `must have patterns of at most ${MAX_PATTERN_LENGTH} characters`;
  }
  const parsed = parseGlob(pattern);
  return "fault" in parsed
    ? `must be a list of image patterns, such as ruby:* or registry.example.com/**; ${JSON.stringify(pattern)} ${parsed.fault}, so it would match no image`
    : undefined;
}
