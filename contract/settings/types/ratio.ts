import type { Parsed, SettingType } from "../type";

/**
 * A ratio from 0 to 1 in tenths, such as `0.2`. The provider reads a ratio back from Docker with
 * one decimal, so a refresh would report any other one as a change.
 */
export const ratio: SettingType<number, number | `${number}`> = {
  label: "number",
  parse: (written) => {
    const isNumber = typeof written === "string" && /^\d(?:\.\d{1,9})?$/.test(written.trim());
    return checkRatio(isNumber ? Number(written) : written);
  },
  format: String,
};

function checkRatio(value: unknown): Parsed<number> {
  return typeof value === "number" &&
    value >= 0 &&
    value <= 1 &&
    /^\d(?:\.\d)?$/.test(String(value))
    ? { value }
    : { problem: "must be a number from 0 to 1 with at most one decimal, such as 0.2" };
}
