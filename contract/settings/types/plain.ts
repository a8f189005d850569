import type { SettingType } from "../type";

/** A whole number between two inclusive bounds. */
export function integer(min: number, max: number): SettingType<number> {
  return {
    label: "integer",
    parse: (written) => {
      const number =
        typeof written === "string" && /^[+-]?\d+$/.test(written.trim()) ? +written : written;
      return Number.isInteger(number) && Number(number) >= min && Number(number) <= max
        ? // Adding 0 turns -0 into 0.
          { value: Number(number) + 0 }
        : { problem: `must be a whole number from ${min} to ${max}` };
    },
    format: String,
  };
}

/** `true` or `false`. */
export const boolean: SettingType<boolean> = {
  label: "boolean",
  parse: (written) => {
    const word = toWord(written).trim().toLowerCase();
    return word === "true" || word === "false"
      ? { value: word === "true" }
      : { problem: "must be true or false" };
  },
  format: String,
};

/** Converts a string or a boolean to a string. Any other value becomes an empty string. */
function toWord(written: unknown): string {
  return typeof written === "string" || typeof written === "boolean" ? String(written) : "";
}

/** One of the given words. */
export function oneOf<const T extends string>(words: readonly T[]): SettingType<T> {
  return {
    label: formatChoices(words.map((word) => `\`${word}\``)),
    parse: (written) => {
      const word = words.find((candidate) => candidate === written);
      return word === undefined ? { problem: `must be ${formatChoices(words)}` } : { value: word };
    },
    format: (value) => value,
  };
}

/** Formats words as `a`, `a or b`, or `a, b or c`. */
function formatChoices(words: readonly string[]): string {
  return words.length < 2
    ? words.join("")
    : `${words.slice(0, -1).join(", ")} or ${words.at(-1) ?? ""}`;
}
