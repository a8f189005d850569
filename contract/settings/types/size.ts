import type { SettingType } from "../type";

/** Bytes of each unit, as Docker counts them. */
const UNITS = { t: 1024 ** 4, g: 1024 ** 3, m: 1024 ** 2, k: 1024, b: 1 } as const;

const PATTERN = /^(\d{1,15})([bkmgt])(?:i?b)?$/i;

/** A size as code writes it: text such as `512m` or `2g`. */
export type Size = `${number}${"b" | "k" | "m" | "g" | "t"}`;

/**
 * A size in bytes between two bounds, both included; written as Docker writes it, `512m` or `2g`.
 */
export function size(minBytes: number, maxBytes: number): SettingType<number, Size | number> {
  const rule = `must be a size from ${formatSize(minBytes)} to ${formatSize(maxBytes)}, such as 512m or 2g`;
  const check = (bytes: number) =>
    Number.isSafeInteger(bytes) && bytes >= minBytes && bytes <= maxBytes
      ? { value: bytes }
      : { problem: rule };
  return {
    label: "size",
    parse: (written) => check(typeof written === "string" ? parseSize(written.trim()) : NaN),
    // In stack config a number has lost its unit; in code it is bytes.
    fromCode: (value) => (typeof value === "number" ? check(value) : undefined),
    format: formatSize,
    toToml: formatSize,
  };
}

/** Reads a size. @returns bytes; NaN if it is not one */
function parseSize(text: string): number {
  const [, count = "", unit = ""] = PATTERN.exec(text) ?? [];
  const bytes = Object.entries(UNITS).find(([name]) => name === unit.toLowerCase())?.[1];
  return bytes === undefined ? NaN : Number(count) * bytes;
}

/** Writes bytes in the largest unit that divides them: 2147483648 is `2g`, 1500 is `1500b`. */
function formatSize(bytes: number): string {
  const [name, unit] = Object.entries(UNITS).find(
    ([, one]) => bytes >= one && bytes % one === 0,
  ) ?? ["b", 1];
  return `${bytes / unit}${name}`;
}
