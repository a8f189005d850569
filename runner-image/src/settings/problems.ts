import { GITLAB_TOKEN } from "../../../contract/redact";
import { addLikelyMistake } from "../../../contract/likely-mistakes";
import { envOf, fileEnvOf, settingOf, type KeyOf } from "../../../contract/settings/keys";
import { detectTokenKind } from "../../../contract/token";

/** Matches tokens, to redact one in a value that should not contain it. */
const TOKEN = new RegExp(GITLAB_TOKEN, "g");

/** Settings in which a user may write a password or a signature by mistake. */
const ADDRESSES: ReadonlySet<string> = new Set([
  "gitlabUrl",
  "cache.s3.serverAddress",
  "cache.azure.storageDomain",
]);

/**
 * Returns the problem if a required setting is missing.
 * @param file the file that its value should come from
 */
export function missingProblem(key: KeyOf<"replica">, file: string | undefined): readonly string[] {
  if (key === "token") {
    return file === undefined ? [`${envOf(key)} or ${fileEnvOf(key)} must be set`] : [];
  }
  return settingOf(key).required === true ? [`${envOf(key)} must be set`] : [];
}

/** Describes an invalid value. The value of a secret is never shown. */
export function describeInvalid(
  key: KeyOf<"replica">,
  problem: string,
  text: string,
  file: string | undefined,
): string {
  const rule = addLikelyMistake(problem, text);
  const name = envOf(key);
  const { secret, type } = settingOf(key);
  if (secret === true) {
    return file === undefined ? `${name} ${rule}` : `the content of ${showFile(file)} ${rule}`;
  }
  if (type.isHidden === true) return `${name} ${rule}`;
  const shown = ADDRESSES.has(key) ? showUrl(text) : text;
  return `${name} ${rule}, got ${JSON.stringify(shown).replace(TOKEN, "[secret]")}`;
}

/** Returns a file's name for a message. Hides the name if it may be a token. */
export function showFile(path: string): string {
  if (path.split("/").some((part) => detectTokenKind(part) !== undefined)) {
    return "a path that contains a token (not shown)";
  }
  return path.includes("/") ? path : "a path without a slash (not shown)";
}

/** Returns a URL for a message, without user, password and query, even if the URL is malformed. */
function showUrl(text: string): string {
  return text
    .replace(/^.*[?#].*@.*$/s, "[secret]")
    .replace(/^.*@/s, "[secret]@")
    .replace(/([?#]).+$/s, "$1[secret]");
}
