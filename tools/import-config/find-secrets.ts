import { isObject } from "../../contract/json";
import { isNamedLikeSecret } from "../../contract/secret-names";
import { containsSecret, hasRandomWord } from "./secret-patterns";

/**
 * Strings that are shorter, or only a common word such as `postgres`, are not redacted where they
 * are not a secret: they may occur anywhere.
 */
const REDACTED = /^(?=[\s\S]{6})(?![a-z]{1,12}$)/;

/** A line of a secret with several lines, such as a private key. */
const MIN_LINE_LENGTH = 16;

/** Whether a value, or a value in it, looks like a secret. @param name the last part of its key */
export function looksSecret(name: string, value: unknown): boolean {
  if (typeof value === "string") return isNamedLikeSecret(name, value) || containsSecret(value);
  if (Array.isArray(value)) {
    // An option and its value may be two entries of the list.
    const words = value.filter((one) => typeof one === "string").join(" ");
    return containsSecret(words) || value.some((one) => looksSecret(name, one));
  }
  return isObject(value) && Object.entries(value).some(([inside, one]) => looksSecret(inside, one));
}

/** Whether a variable of jobs looks like a secret. A variable may be one without saying so. */
export function isSecretVariable(name: string, value: string): boolean {
  return looksSecret(name, value) || hasRandomWord(value);
}

/** Separates the name and the value of `NAME=VALUE`. @returns undefined for any other text */
export function splitVariable(
  entry: unknown,
): { readonly name: string; readonly value: string } | undefined {
  const [, name, value] = /^([^=]+)=([\s\S]*)$/.exec(typeof entry === "string" ? entry : "") ?? [];
  return name === undefined || value === undefined ? undefined : { name, value };
}

/**
 * Lists the strings of a document that nothing may print: the secrets in it, whether or not their
 * keys are imported.
 */
export function listHidden(document: unknown): readonly string[] {
  return collect("", document);
}

function collect(name: string, value: unknown): readonly string[] {
  if (typeof value === "string") return collectText(name, value);
  if (Array.isArray(value)) return value.flatMap((one) => collect(name, one));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([inside, one]) => collect(inside, one));
}

function collectText(name: string, text: string): readonly string[] {
  const variable = splitVariable(text);
  const ofVariable =
    variable !== undefined && isSecretVariable(variable.name, variable.value)
      ? [variable.value]
      : [];
  const ofKey = looksSecret(name, text) ? [text] : [];
  const ofUrls = [...text.matchAll(/:\/\/[^\s/:@]*:([^\s/@$]+)@/g)].map(([, word = ""]) => word);
  const whole = [...ofVariable, ...ofKey, ...ofUrls];
  // In YAML, each line has an indent. Only the lines of keys are random enough.
  const lines = whole
    .filter((one) => one.includes("PRIVATE KEY"))
    .flatMap((one) => one.split(/\r?\n/).filter((line) => line.length >= MIN_LINE_LENGTH));
  return [...whole, ...lines].filter((one) => REDACTED.test(one));
}
