import { addLikelyMistake } from "./likely-mistakes";
import { redactForms } from "./looks-like-secret";
import { parseJson } from "./json";
import { MASK } from "./redact";
import { isNamedLikeSecret, isSecretName } from "./secret-names";
import { isSecretText, type Setting } from "./settings/setting";

const MAX_SHOWN_LENGTH = 80;

/** The rest of a longer value is dropped, so that redacting it takes little time. */
const MAX_REDACTED_LENGTH = 2_000;

/** Tokens of GitLab with prefixes that this program does not know. */
const UNKNOWN_TOKEN = /\bgl[a-z]{2,6}-(?=[\w.=-]*\d)[\w.=-]{8,}/g;

/** The beginning of `NAME=VALUE` or `NAME: VALUE`, also in JSON. */
const ASSIGNMENT = /(?<![\w-])([\w-]+)\\*"?\s*[=:]\s*\\*"?/g;

/** Marks the beginning of a secret value while a text is redacted. No setting may contain it. */
const MARK = "\0";

/** A marked value. A reference such as `$PASSWORD` is not a secret. */
const MARKED = new RegExp(`${MARK}(?:[^\\s"\\\\,;&$][^\\s"\\\\,;&]*)?`, "g");

/** A string in quotes. */
const QUOTED = /"(?:[^"\\]|\\.)*"/gs;

/**
 * Explains why a value is invalid: "must be …, got …". Never shows a secret. Shows no value of a
 * type that hides its values.
 * @param rule what is allowed
 */
export function explainInvalid(
  row: Pick<Setting, "type" | "secret">,
  rule: string,
  value: unknown,
): string {
  if (row.type.isHidden === true) {
    // Every script and every PEM file ends with a line break.
    return redactMessage(addLikelyMistake(rule, typeof value === "string" ? value.trim() : value));
  }
  const text = redactMessage(addLikelyMistake(rule, value));
  const written = typeof value === "string" ? value : formatJson(value);
  const isHidden = isSecretText(row, written) || row.type.isShown?.(written) === false;
  return `${text}, got ${isHidden ? MASK : showValue(value)}`;
}

/** Formats a value as JSON for a message, without what looks like a secret. Truncates it. */
export function showValue(value: unknown): string {
  return truncate(redactMessage(formatJson(value)));
}

/** Prepares the text of a value for a message, as {@link showValue} does, but without quotes. */
export function showText(text: string): string {
  return truncate(redactValue(text));
}

/** Redacts what looks like a secret in a message. Strings in quotes count as values. */
export function redactMessage(message: string): string {
  return redactForms(message.replace(QUOTED, redactValue));
}

/**
 * Redacts what may be a secret in a value: users and passwords of addresses, queries of URLs,
 * tokens, and values of names such as `password`. It redacts more than is safe in prose.
 */
function redactValue(text: string): string {
  const rest = redactForms(text.slice(0, MAX_REDACTED_LENGTH))
    .replace(/(https?:\/*)[^"]*[?#][^"]*@[^"]*/gi, `$1${MASK}`)
    .replace(/(https?:\/*|\b[a-z][a-z0-9+.-]*:\/+)[^/@"]*@(?!sha256:)/gi, `$1${MASK}@`)
    .replace(/((?<![\w+.-])[\w+.-]+:\/*)[^\s"]*@(?!sha256:)/g, `$1${MASK}@`)
    .replace(/(^|["\s,])[^\s"/:,]+@(?!sha256:)/g, `$1${MASK}@`)
    .replace(/(https?:[^"?#]*[?#])[^"]+/gi, `$1${MASK}`)
    .replace(UNKNOWN_TOKEN, MASK);
  return redactAssignments(rest);
}

function redactAssignments(text: string): string {
  return text
    .replace(ASSIGNMENT, (sign, name: string) => (isSecretName(name) ? `${sign}${MARK}` : sign))
    .replace(MARKED, (value) => (value === MARK ? "" : MASK));
}

/** Formats a value as JSON. A value that JSON cannot represent is described by its type. */
function formatJson(value: unknown): string {
  if (value === undefined) return "nothing";
  const inner = typeof value === "string" ? parseJson(value) : undefined;
  if (typeof inner === "object" && inner !== null) return formatJson(inner);
  try {
    return JSON.stringify(value, (name, inside: unknown) =>
      typeof inside === "string" && isNamedLikeSecret(name, inside) ? MASK : inside,
    );
  } catch {
    return typeof value === "bigint" ? `${value}n` : `a value of type ${typeof value}`;
  }
}

function truncate(text: string): string {
  return text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH)}…` : text;
}
