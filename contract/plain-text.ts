/** Every line break that some program recognizes. */
const LINE_END = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/g;

/** Characters of terminal sequences, escaped for a regular expression. */
const BELL = "\\u0007";
const ESCAPE = "\\u001b";
const STRING_END = "\\u009c";

/** Complete terminal control sequences (ECMA-48). */
const TERMINAL_SEQUENCE = new RegExp(
  [
    // A control string, such as a new window title.
    `(?:${ESCAPE}[\\]PX^_]|[\\u0090\\u0098\\u009d-\\u009f])[^${BELL}${ESCAPE}${STRING_END}\\n]*(?:${BELL}|${ESCAPE}\\\\|${STRING_END})`,
    // A color or a cursor position.
    `(?:${ESCAPE}\\[|\\u009b)[0-?]*[ -/]*[@-~]`,
    `${ESCAPE}[!-/]*[0-~]`,
  ].join("|"),
  "g",
);

/**
 * Invisible characters that may change what a reader sees: control characters, bidirectional
 * overrides, zero-width and private-use characters, and unpaired surrogates. The two variation
 * selectors that choose between emoji and text are kept.
 */
const INVISIBLE = /(?![\ufe0e\ufe0f])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Makes text from GitLab, a job or Docker safe to print or post. Removes terminal sequences and
 * invisible characters, and keeps line breaks.
 */
export function toPlainText(text: string): string {
  return text
    .replace(LINE_END, "\n")
    .replace(TERMINAL_SEQUENCE, "")
    .split("\n")
    .map((line) => line.replaceAll("\t", " ").replace(INVISIBLE, ""))
    .join("\n");
}

/** Like {@link toPlainText}, but on one line, so that the text cannot forge another line. */
export function toPlainLine(text: string): string {
  return toPlainText(text).replace(/\s*\n\s*/g, " ");
}
