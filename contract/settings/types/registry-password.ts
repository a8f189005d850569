import { hasUnexpandedVariable } from "../../likely-mistakes";
import { checkedString } from "./string";

/**
 * The password of a registry. Almost any text may be one, so only that is refused which no registry
 * can have given: what ends a line, the name of a variable, and where GitLab puts a variable of
 * type File.
 */
export const registryPassword = checkedString("text", checkPassword);

function checkPassword(text: string): string | undefined {
  if (text === "") return "must not be empty";
  if (/\p{Cc}/u.test(text)) return "must have no control character in it";
  if (/^\$(?:\{\w+\}|[A-Z_][A-Z0-9_]*)$/.test(text) && hasUnexpandedVariable(text)) {
    return "must be the password itself";
  }
  return /^\/.*\.tmp\/\w+$/.test(text)
    ? "must be the password itself, and not the path of a file: give a variable of GitLab the type Variable in place of File"
    : undefined;
}
