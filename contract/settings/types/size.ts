import type { SettingType } from "../type";

/** The number of bytes of each unit, as in Docker. */
const UNITS = { t: 1024 ** 4, g: 1024 ** 3, m: 1024 ** 2, k: 1024, b: 1 } as const;

const PATTERN = /^(\d{1,15})([bkmgt])(?:i?b)?$/i;

/** A size in code: a string such as `512m` or `2g`. */
export type Size = `${number}${"b" | "k" | "m" | "g" | "t"}`;

/** A size between two inclusive bounds, in Docker's format (`512m`, `2g`), parsed to bytes. */
export function size(minBytes: number, maxBytes: number): SettingType<number, Size | number> {
  const rule = `must be a size from ${formatSize(minBytes)} to ${formatSize(maxBytes)}, such as 512m or 2g`;
  const check = (bytes: number) =>
    Number.isSafeInteger(bytes) && bytes >= minBytes && bytes <= maxBytes
      ? { value: bytes }
      : { problem: rule };
  return {
    label: "size",
    parse: (written) => check(typeof written === "string" ? parseSize(written.trim()) : NaN),
    // Only code can pass a number of bytes. In stack config, a number could have any unit.
    fromCode: (value) => (typeof value === "number" ? check(value) : undefined),
    format: formatSize,
    toToml: formatSize,
  };
}

/** Parses a size. @returns bytes; NaN if the string is not a size */
function parseSize(text: string): number {
  const [, count = "", unit = ""] = PATTERN.exec(text) ?? [];
  const bytes = Object.entries(UNITS).find(([name]) => name === unit.toLowerCase())?.[1];
  return bytes === undefined ? NaN : Number(count) * bytes;
}

/** Formats bytes in the largest unit that divides them: 2147483648 is `2g`, 1500 is `1500b`. */
export function formatSize(bytes: number): string {
  const [name, unit] = Object.entries(UNITS).find(
    ([, one]) => bytes >= one && bytes % one === 0,
  ) ?? ["b", 1];
  return `${bytes / unit}${name}`;
}
