import { parseJson } from "../../json";
import type { SettingType } from "../type";
import { readString } from "./string";

const RULE = 'must be a list of strings, such as ["sh", "-c", "…"]';

/**
 * A command with its arguments: an array, or JSON. Unlike in a list, order, duplicates and
 * whitespace matter.
 */
export const words: SettingType<readonly string[]> = {
  label: "list",
  keepsWhitespace: true,
  parse: (written) => {
    const value = typeof written === "string" ? parseJson(written) : written;
    if (!Array.isArray(value)) return { problem: RULE };
    const read = value.map(readString);
    const entries = read.flatMap((one) => ("value" in one ? [one.value] : []));
    if (entries.length < read.length) return { problem: RULE };
    return entries.some((entry) => entry.includes("\0"))
      ? { problem: "must not contain NUL characters" }
      : { value: entries };
  },
  format: (value) => JSON.stringify(value),
  toToml: (value) => [...value],
};
