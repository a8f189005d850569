import { GITLAB_TOKEN, MASK } from "./redact";

/** The beginning of a private key in PEM. */
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY/;

/** What a text contains, and how to recognize it. No pattern takes long on a long text. */
const SECRETS: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["a GitLab token", new RegExp(`\\b${GITLAB_TOKEN}`)],
  ["a GitHub token", /\b(?:gh[opsur]_[A-Za-z0-9]{20,}|github_pat_\w{20,})/],
  ["an AWS access key", /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ["a Google API key", /\bAIza[\w-]{35}/],
  ["a Slack token", /\bxox[abeoprs]-[\w-]{10,}/],
  ["an npm token", /\bnpm_[A-Za-z0-9]{30,}/],
  ["a PyPI token", /\bpypi-[\w-]{30,}/],
  ["a Docker Hub token", /\bdckr_[a-z]{3}_[\w-]{20,}/],
  ["a JSON web token", /\beyJ[\w-]{10,1000}\.eyJ[\w-]{10,}(?:\.[\w-]*)?/],
  ["a registry login", /"auth\\*"\s*:\s*\\*"[\w+/=-]{8,}/],
  ["a private key", PRIVATE_KEY],
  // A reference such as ${PASSWORD} is not a password.
  ["a URL with a password", /[a-z]:\/\/[^\s/:@]*:[^\s/@$]+@/i],
];

/**
 * Recognizes a secret in a text by its form.
 * @returns what it is, such as "a GitLab token"; undefined if no secret is recognized
 */
export function detectSecret(text: string): string | undefined {
  return SECRETS.find(([, pattern]) => pattern.test(text))?.[0];
}

/**
 * Checks that a value which everybody can read is not a secret.
 * @param name of the value, in a map
 * @param remedy what to do instead
 */
export function rejectSecret(name: string, value: string, remedy: string): string | undefined {
  const secret = detectSecret(value);
  return secret === undefined
    ? undefined
    : `must not contain secrets, but the value of ${name} looks like ${secret}: ${remedy}`;
}

/** A private key with its content, on several lines or on one. Prose may name the first line. */
const WHOLE_PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----(?:[\w+/=\s:,-]|\\+[nr]){16,}/g;

/** GitLab's tokens. An instance may add its own prefix. */
const TOKEN = new RegExp(`(?:(?<![0-9a-zA-Z_])[0-9a-zA-Z_]+-)?${GITLAB_TOKEN}`, "g");

/** `scheme://user:password@`. The user of an address with ssh:// is not a secret. */
const USER_INFO = /(?<![\w+.-])((?!ssh:\/\/[^\s/:@]*@)[a-z][\w+.-]*:\/\/)[^\s/@"`]+@/gi;

/** The other patterns. */
const OTHERS = SECRETS.map(([, pattern]) => pattern)
  .filter((pattern) => pattern !== PRIVATE_KEY)
  .map((pattern) => new RegExp(pattern, `g${pattern.flags}`));

/** Redacts secrets that are recognized by their form, and keeps ordinary prose. */
export function redactForms(text: string): string {
  const start = text
    .replace(WHOLE_PRIVATE_KEY, MASK)
    .replace(TOKEN, MASK)
    .replace(USER_INFO, `$1${MASK}@`);
  return OTHERS.reduce((rest, pattern) => rest.replace(pattern, MASK), start);
}
