import { hasUnexpandedVariable } from "../../likely-mistakes";
import { checkedString } from "./string";

/**
 * The password of a registry. A password can be almost any string, so only obvious mistakes are
 * rejected: control characters, an unexpanded variable, and the path of a GitLab variable of type
 * File.
 */
export const registryPassword = checkedString("string", checkPassword);

function checkPassword(text: string): string | undefined {
  if (text === "") return "must not be empty";
  if (/\p{Cc}/u.test(text)) return "must not contain control characters";
  if (/^\$(?:\{\w+\}|[A-Z_][A-Z0-9_]*)$/.test(text) && hasUnexpandedVariable(text)) {
    return "must be the password itself";
  }
  return /^\/.*\.tmp\/\w+$/.test(text)
    ? "must be the password itself, not the path of a file: change the type of the GitLab CI/CD variable from File to Variable"
    : undefined;
}
