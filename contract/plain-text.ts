/** Whatever begins a new line somewhere. */
const LINE_END = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/g;

/** Characters of terminal sequences, as a regular expression names them. */
const BELL = "\\u0007";
const ESCAPE = "\\u001b";
const STRING_END = "\\u009c";

/** What a terminal takes for a command, with all that belongs to it (ECMA-48). */
const TERMINAL_SEQUENCE = new RegExp(
  [
    // A string, such as a new title of the window.
    `(?:${ESCAPE}[\\]PX^_]|[\\u0090\\u0098\\u009d-\\u009f])[^${BELL}${ESCAPE}${STRING_END}\\n]*(?:${BELL}|${ESCAPE}\\\\|${STRING_END})`,
    // A colour, a place of the cursor.
    `(?:${ESCAPE}\\[|\\u009b)[0-?]*[ -/]*[@-~]`,
    `${ESCAPE}[!-/]*[0-~]`,
  ].join("|"),
  "g",
);

/**
 * Characters that nobody sees and that may change what is seen: controls, those that turn the
 * direction of writing round, those without a width, halves of characters, and private ones. The
 * two by which emoji are told from text stay.
 */
const INVISIBLE = /(?![\ufe0e\ufe0f])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Makes a text of somebody else (GitLab's, a job's, Docker's) safe to print or post: without
 * terminal sequences, control characters, bidirectional overrides and characters without a width.
 * Lines stay lines.
 */
export function toPlainText(text: string): string {
  return text
    .replace(LINE_END, "\n")
    .replace(TERMINAL_SEQUENCE, "")
    .split("\n")
    .map((line) => line.replaceAll("\t", " ").replace(INVISIBLE, ""))
    .join("\n");
}

/** The same on one line, so that no part of the text can pass for a line of its own. */
export function toPlainLine(text: string): string {
  return toPlainText(text).replace(/\s*\n\s*/g, " ");
}
