import { isQuoted } from "./lists";

/**
 * A whole text that is the name of a variable, or a name in braces or in capitals anywhere in it.
 */
const UNEXPANDED =
  /^(?:\$\w+|\$\{[^}]*\}|%\w+%|\$\([^)]*\))$|\$\{[A-Z_][A-Z0-9_]*\}|\$[A-Z][A-Z0-9_]{2,}/;

/** Where a GitLab variable of type File lies, and paths as people write them. */
const PATH = /^(?:\/|\.{1,2}[\\/]|~[\\/]|[A-Za-z]:[\\/]|file:)/;

/**
 * What a text that a setting does not take looks like, as words behind "and not"; undefined if it
 * looks like nothing that is known. It never holds the text itself, which may be a secret.
 */
export function detectMistake(text: string): string | undefined {
  if (/[\r\n]$/.test(text)) return "a text with a line end (from a file with Windows line ends?)";
  if (isQuoted(text.trim())) {
    return "a text in quotes (docker keeps the quotes of an env file: leave them out)";
  }
  if (hasUnexpandedVariable(text)) return "a variable that nothing has replaced ($NAME)";
  return undefined;
}

/** Whether a text holds a variable that a shell, a pipeline or an env file should have replaced. */
export function hasUnexpandedVariable(text: string): boolean {
  return UNEXPANDED.test(text.trim());
}

/** Whether a text is the path of a file. */
export function isPath(text: string): boolean {
  return PATH.test(text.trim());
}

/** What is allowed, and what the text looks like in its place. */
export function addLikelyMistake(rule: string, text: unknown): string {
  const like = typeof text === "string" ? detectMistake(text) : undefined;
  return like === undefined || rule.includes(", and not ") ? rule : `${rule}, and not ${like}`;
}
