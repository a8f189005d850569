import type { Parsed, SettingType } from "../type";
import { formatSize, size, type Size } from "./size";

/** Docker's value for no limit. gitlab-runner ends with a fatal error when it reads it. */
const NO_LIMIT = -1;

/** A limit of memory and swap together. */
export function swap(minBytes: number, maxBytes: number): SettingType<number, Size | number> {
  const type = size(minBytes, maxBytes);
  const noLimit = (rule: string): Parsed<number> => ({
    problem: `${rule}, because gitlab-runner ends with a fatal error at ${NO_LIMIT}: set ${formatSize(maxBytes)} for no limit`,
  });
  const explain = (parsed: Parsed<number>, written: unknown): Parsed<number> =>
    "problem" in parsed && isNoLimit(written) ? noLimit(parsed.problem) : parsed;
  return {
    ...type,
    parse: (written) => explain(type.parse(written), written),
    fromCode: (written) => {
      const parsed = type.fromCode?.(written);
      return parsed === undefined ? undefined : explain(parsed, written);
    },
  };
}

function isNoLimit(written: unknown): boolean {
  return (
    written === NO_LIMIT || (typeof written === "string" && written.trim() === String(NO_LIMIT))
  );
}
