import { findNearest } from "../../suggest";
import { map, type StringMap } from "./map";
import type { SettingType } from "../type";

/** The kernel's limits that Docker can set. */
const LIMITS = [
  ...["core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc"],
  ...["rss", "rtprio", "rttime", "sigpending", "stack"],
];

const UNLIMITED = -1;

/** Limits of processes: `SOFT` or `SOFT:HARD` by name, where -1 is unlimited. */
export const ulimit: SettingType<StringMap> = map({ name: checkName, value: checkLimit });

function checkName(name: string): string | undefined {
  if (LIMITS.includes(name)) return undefined;
  const meant = findNearest(name, LIMITS);
  const hint = meant === undefined ? `use ${LIMITS.join(", ")}` : `did you mean ${meant}?`;
  return `must name limits that Docker can set; ${JSON.stringify(name)} is not one: ${hint}`;
}

function checkLimit(name: string, value: string): string | undefined {
  const rule = `must have limits of the form SOFT or SOFT:HARD, whole numbers or -1 for unlimited; ${name} is ${JSON.stringify(value)}`;
  if (!/^(?:-1|\d{1,15})(?::(?:-1|\d{1,15}))?$/.test(value)) return rule;
  const [soft = 0, hard = soft] = value.split(":").map(Number);
  const isAbove = hard !== UNLIMITED && (soft === UNLIMITED || soft > hard);
  return isAbove
    ? `must have soft limits that are at most the hard limits; ${name} is ${JSON.stringify(value)}`
    : undefined;
}
