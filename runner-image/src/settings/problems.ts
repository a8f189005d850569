import { envOf, fileEnvOf, settingOf, type KeyOf } from "../../../contract/settings/keys";
import { explainInvalid } from "../../../contract/show-value";
import { detectTokenKind } from "../../../contract/token";

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
  const name = file === undefined ? envOf(key) : `the content of ${showFile(file)}`;
  return `${name} ${explainInvalid(settingOf(key), problem, text)}`;
}

/** Returns a file's name for a message. Hides the name if it may be a token. */
export function showFile(path: string): string {
  if (path.split("/").some((part) => detectTokenKind(part) !== undefined)) {
    return "a path that contains a token (not shown)";
  }
  return path.includes("/") ? path : "a path without a slash (not shown)";
}
