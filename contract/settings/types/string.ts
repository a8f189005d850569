import { andThen, type Parsed, type SettingType } from "../type";

/**
 * Reads a value as the text that was written. `pulumi config set --path` makes a number of `7` and
 * a boolean of `true`. Of any other number, such as 1.10, nobody can tell the text that it was.
 */
export function readString(written: unknown): Parsed<string> {
  if (typeof written === "string") return { value: written };
  if (Number.isSafeInteger(written) || typeof written === "boolean") {
    return { value: String(written) };
  }
  return typeof written === "number"
    ? {
        problem:
          "must be text, and a number such as this may not be what was written: put it in quotes in Pulumi.STACK.yaml",
      }
    : { problem: "must be text" };
}

/** Text that must keep a rule. @param read gives the text to work with, or the rule */
export function string(label: string, read: (text: string) => Parsed<string>): SettingType<string> {
  return {
    label,
    parse: (written) => andThen(readString(written), read),
    format: (value) => value,
  };
}

/** Text that must keep a rule, and is taken as it is. @param problemOf the rule that it breaks */
export function checkedString(
  label: string,
  problemOf: (text: string) => string | undefined,
): SettingType<string> {
  return string(label, (value) => {
    const problem = problemOf(value);
    return problem === undefined ? { value } : { problem };
  });
}

/** Text that must match a regular expression. @param rule what is allowed, such as "must be …" */
export function matchingString(label: string, pattern: RegExp, rule: string): SettingType<string> {
  return checkedString(label, (value) => (pattern.test(value) ? undefined : rule));
}
