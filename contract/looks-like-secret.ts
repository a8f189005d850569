import { GITLAB_TOKEN } from "./redact";

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
  ["a JSON web token", /\beyJ[\w-]{10,1000}\.eyJ[\w-]{10}/],
  ["a registry login", /"auth"\s*:\s*"[\w+/=-]{8}/],
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY/],
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

/** Names of variables whose values usually are secrets. */
const SECRET_NAME =
  /(?:^|_)(?:TOKEN|PASSWORD|PASSWD|SECRET|CREDENTIALS?|(?:API|ACCESS|PRIVATE|SECRET|ENCRYPTION)_KEY)$/i;

/** Whether the name of a variable says that its value is a secret. A reference is not a secret. */
export function isNamedLikeSecret(name: string, value: string): boolean {
  return SECRET_NAME.test(name) && value !== "" && !value.includes("$");
}
