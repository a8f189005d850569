import { duration, type Duration } from "../../duration";
import type { Parsed, SettingType } from "../type";

/** The number that stands for not waiting. */
const NONE = -1;

/** A duration, or -1 for not waiting at all, parsed to seconds. */
export function durationOrNone(
  minSeconds: number,
  maxSeconds: number,
): SettingType<number, Duration> {
  const type = duration(minSeconds, maxSeconds);
  return {
    label: "duration or -1",
    parse: (written) => {
      const isNone =
        written === NONE || (typeof written === "string" && written.trim() === String(NONE));
      return isNone ? { value: NONE } : addNone(type.parse(written));
    },
    fromCode: (written) => {
      if (written === NONE) return { value: NONE };
      const parsed = type.fromCode?.(written);
      return parsed === undefined ? undefined : addNone(parsed);
    },
    format: (seconds) => (seconds === NONE ? String(NONE) : type.format(seconds)),
    toToml: (seconds) => seconds,
  };
}

function addNone(parsed: Parsed<number>): Parsed<number> {
  return "problem" in parsed
    ? { problem: parsed.problem.replace("must be a duration", `must be ${NONE} or a duration`) }
    : parsed;
}
