import { isQuoted } from "./lists";

/** A variable in any syntax as the whole string, or `${NAME}` or `$NAME` in capitals inside it. */
const UNEXPANDED =
  /^(?:\$\w+|\$\{[^}]*\}|%\w+%|\$\([^)]*\))$|\$\{[A-Z_][A-Z0-9_]*\}|\$[A-Z][A-Z0-9_]{2,}/;

/** The path of a file, such as the value of a GitLab variable of type File. */
const PATH = /^(?:\/|\.{1,2}[\\/]|~[\\/]|[A-Za-z]:[\\/]|file:)/;

/**
 * Recognizes a common mistake in a rejected value.
 * @returns what the value looks like, such as "a quoted string"; undefined if no mistake is
 * recognized. It never contains the value, which may be a secret.
 */
export function detectMistake(text: string): string | undefined {
  // Text of several lines, such as PEM, ends with a line break anyway.
  if (/^[^\r\n]+[\r\n]+$/.test(text)) {
    return "a string with a line break at its end (was the file saved with Windows line endings?)";
  }
  if (isQuoted(text.trim())) {
    return "a quoted string (Docker keeps the quotes in an env file: remove them)";
  }
  if (hasUnexpandedVariable(text)) return "an unexpanded variable ($NAME)";
  return undefined;
}

/** Whether a string contains a variable that a shell, a pipeline or an env file did not expand. */
export function hasUnexpandedVariable(text: string): boolean {
  return UNEXPANDED.test(text.trim());
}

/** Whether a string looks like the path of a file. */
export function isPath(text: string): boolean {
  return PATH.test(text.trim());
}

/**
 * Adds what a rejected value looks like to the rule that it violates.
 * @param rule "must …"; if it already names a mistake ("…, not a URL"), it is returned unchanged
 */
export function addLikelyMistake(rule: string, text: unknown): string {
  const like = typeof text === "string" ? detectMistake(text) : undefined;
  if (like === undefined || rule.includes(", not ")) return rule;
  const isBan = rule.startsWith("must not");
  return isBan ? `${rule}; the value looks like ${like}` : `${rule}, not ${like}`;
}

/** What users look for among the settings although it is set elsewhere, and where. */
const ELSEWHERE: readonly (readonly [name: RegExp, where: string])[] = [
  [
    /^(?:docker\.)?registry_?mirrors?$/i,
    "a registry mirror is set in the engine: set `registry-mirrors` in /etc/docker/daemon.json on each node (docs/registries.md)",
  ],
  [
    /^(?:docker\.)?(?:auth_?config|docker_?auth_?config|image_?pull_?secrets?)$/i,
    "set `jobRegistries` to the logins for the images of jobs (docs/registries.md)",
  ],
  [/^(?:tls_?)?ca_?(?:certs?|file|bundle)$/i, "did you mean `caCertificate`?"],
  [/^(?:client|tls)_?cert(?:_?file)?$/i, "did you mean `clientCertificate`?"],
  [/^(?:client_?key|tls_?key)_?file$|^tls_?key$/i, "did you mean `clientKey`?"],
  [/^http_?proxy$/i, "did you mean `proxy.http`?"],
  [/^https_?proxy$/i, "did you mean `proxy.https`?"],
  [/^no_?proxy$/i, "did you mean `proxy.noProxy`?"],
  [
    /^(?:update|roll_?back)_?config$/i,
    "set `update.order`, `update.parallelism` and the others of `update`, which also decide how a failed update is rolled back",
  ],
  [/^deploy$/i, "set its parts instead, such as `replicas`, `update` and `serviceLabels`"],
  [/^(?:logging|log_?(?:config|opts?|options))$/i, "set `logDriver.name` and `logDriver.options`"],
  [/^(?:service|swarm|deploy)_?labels?$/i, "did you mean `serviceLabels`?"],
];

/** Explains where else to set what is not a setting; undefined if that is not known. */
export function explainElsewhere(name: string): string | undefined {
  return ELSEWHERE.find(([pattern]) => pattern.test(name))?.[1];
}
