import { andThen, type Parsed, type SettingType } from "../type";

/**
 * Reads a string. `pulumi config set --path` stores `7` as a number and `true` as a boolean, so
 * these are converted back. For other numbers, such as 1.10, the original string is unknown.
 */
export function readString(written: unknown): Parsed<string> {
  if (typeof written === "string") return { value: written };
  if (Number.isSafeInteger(written) || typeof written === "boolean") {
    return { value: String(written) };
  }
  return typeof written === "number"
    ? {
        problem:
          "must be a string, because a decimal or large number may lose digits: put it in quotes in Pulumi.STACK.yaml",
      }
    : { problem: "must be a string" };
}

/** A string with its own parser. @param read returns the parsed string, or the violated rule */
export function string(label: string, read: (text: string) => Parsed<string>): SettingType<string> {
  return {
    label,
    parse: (written) => andThen(readString(written), read),
    format: (value) => value,
  };
}

/** A string with a rule. @param check returns the rule that the string violates */
export function checkedString(
  label: string,
  check: (text: string) => string | undefined,
): SettingType<string> {
  return string(label, (value) => {
    const problem = check(value);
    return problem === undefined ? { value } : { problem };
  });
}

/** A string that matches a regular expression. @param rule what is allowed, such as "must be …" */
export function matchingString(label: string, pattern: RegExp, rule: string): SettingType<string> {
  return checkedString(label, (value) => (pattern.test(value) ? undefined : rule));
}
