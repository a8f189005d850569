import type { Parsed, SettingType } from "../type";
import { checkedString } from "./string";

const MIN_CPUS = 0.01;
const MAX_CPUS = 1024;

/** The kernel supports at most this number of CPUs. */
const MAX_CPU_INDEX = 8191;

/** A number of CPUs in code: a number such as 1.5, or a string. */
export type Cpus = number | `${number}`;

/** A number of CPUs, such as `1.5`. */
export const cpus: SettingType<number, Cpus> = {
  label: "number",
  parse: (written) => {
    const isNumber = typeof written === "string" && /^\d{1,4}(?:\.\d{1,9})?$/.test(written.trim());
    return checkCpus(isNumber ? Number(written) : written);
  },
  format: String,
  // gitlab-runner reads a string.
  toToml: String,
};

function checkCpus(value: unknown): Parsed<number> {
  const isInRange = typeof value === "number" && value >= MIN_CPUS && value <= MAX_CPUS;
  return isInRange && /^\d+(?:\.\d{1,9})?$/.test(String(value))
    ? { value }
    : { problem: `must be a number from ${MIN_CPUS} to ${MAX_CPUS}, such as 0.5 or 2` };
}

const RANGES = /^\d{1,4}(?:-\d{1,4})?(?:,\d{1,4}(?:-\d{1,4})?)*$/;

/** CPUs or memory nodes by number, such as `0-3,8`. @param what what they are, such as "CPU" */
export function numberRanges(what: string): SettingType<string> {
  const rule = `must be ${what} numbers from 0 to ${MAX_CPU_INDEX}, such as 0-3,8`;
  return checkedString("string", (text) => {
    if (!RANGES.test(text)) return rule;
    const isValid = text.split(",").every((range) => {
      const [first = 0, last = first] = range.split("-").map(Number);
      return first <= last && last <= MAX_CPU_INDEX;
    });
    return isValid ? undefined : rule;
  });
}
