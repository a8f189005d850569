const UNITS = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** Reads the value of a size setting: a number of bytes, or a text such as `512m`. */
export function readBytes(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  const [, number, unit = "b"] = /^(\d+(?:\.\d+)?)\s*([bkmgt])?(?:i?b)?$/i.exec(value.trim()) ?? [];
  if (number === undefined) return undefined;
  return Number(number) * UNITS[unit.toLowerCase() as keyof typeof UNITS];
}

/** Formats bytes for a line, such as `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  const [factor, unit] = bytes >= UNITS.g ? [UNITS.g, "GiB"] : [UNITS.m, "MiB"];
  return `${Math.round((bytes / factor) * 10) / 10} ${unit}`;
}
