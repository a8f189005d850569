const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** Formats bytes for a message, such as `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  const [factor, unit] = bytes >= GIB ? [GIB, "GiB"] : [MIB, "MiB"];
  return `${Math.round((bytes / factor) * 10) / 10} ${unit}`;
}
