import { andThen, type SettingType } from "./settings/type";
import { readString } from "./settings/types/string";

/** Seconds of a day. */
export const DAY_SECONDS = 86_400;

const UNITS = { d: DAY_SECONDS, h: 3_600, m: 60, s: 1 } as const;

const PATTERN = /^(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,7})s)?$/;

/**
 * Parses a duration in the form that Docker and Pulumi use: `45s`, `10m`, `1h30m`.
 * @returns whole seconds; undefined if the string is not a duration
 */
export function parseDuration(text: string): number | undefined {
  const parts = PATTERN.exec(text);
  if (text === "" || parts === null) return undefined;
  return Object.values(UNITS).reduce((sum, unit, i) => sum + unit * Number(parts[i + 1] ?? 0), 0);
}

/** Formats whole seconds as a duration, largest unit first: 5400 is `1h30m`, 0 is `0s`. */
export function formatDuration(seconds: number): string {
  let rest = seconds;
  let text = "";
  for (const [name, unit] of Object.entries(UNITS)) {
    const count = Math.floor(rest / unit);
    if (count > 0) text += `${count}${name}`;
    rest %= unit;
  }
  return text === "" ? "0s" : text;
}

/** A duration in code: a string such as `90s`, `10m` or `1h30m`, or a number of seconds. */
export type Duration = `${number}${"d" | "h" | "m" | "s"}${string}` | number;

/** A duration between two inclusive bounds, parsed to whole seconds. */
export function duration(minSeconds: number, maxSeconds: number): SettingType<number, Duration> {
  const rule = `must be a duration from ${formatDuration(minSeconds)} to ${formatDuration(maxSeconds)}, such as 90s, 10m or 1h30m`;
  const check = (seconds: number | undefined) =>
    Number.isInteger(seconds) && Number(seconds) >= minSeconds && Number(seconds) <= maxSeconds
      ? { value: Number(seconds) }
      : { problem: rule };
  return {
    label: "duration",
    parse: (written) => andThen(readString(written), (text) => check(parseDuration(text.trim()))),
    // Only code can pass a number of seconds. In stack config, a number could have any unit.
    fromCode: (value) => (typeof value === "number" ? check(value) : undefined),
    format: formatDuration,
  };
}
