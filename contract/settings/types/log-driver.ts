import { findNearest } from "../../suggest";
import type { SettingType } from "../type";
import { map, type StringMap } from "./map";
import { checkedString } from "./string";

/** The log drivers of Docker 20.10 to 29 on Linux. Docker can read the log of each of them back. */
const LOG_DRIVER_NAMES: readonly string[] = [
  "json-file",
  "local",
  "journald",
  "syslog",
  "gelf",
  "fluentd",
  "awslogs",
  "splunk",
  "gcplogs",
];

/** Drivers that cannot be used, and the reason. */
const UNUSABLE: ReadonlyMap<string, string> = new Map([
  ["none", "because `pulumi up` and `npm run status` read the log of the replicas"],
  ["etwlogs", "which exists only on Windows"],
  ["logentries", "which Docker 25 removed"],
]);

/** A plugin, as `docker plugin install` names it: `vendor/plugin:tag`. */
const PLUGIN =
  /^(?:[\w.-]+(?::\d+)?\/)?[a-z0-9._-]+\/[a-z0-9._-]+(?::[\w.-]+)?$|^[a-z0-9._-]+:[\w.-]+$/;

/** The log driver of a container: one of Docker's, or a plugin. */
export const logDriverName: SettingType<string> = checkedString("string", (name) => {
  const reason = UNUSABLE.get(name);
  if (reason !== undefined) return `must not be ${name}, ${reason}`;
  if (LOG_DRIVER_NAMES.includes(name) || PLUGIN.test(name)) return undefined;
  const meant =
    findNearest(name, LOG_DRIVER_NAMES) ?? LOG_DRIVER_NAMES.find((one) => one.startsWith(name));
  const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
  return `must be ${LOG_DRIVER_NAMES.join(", ")}, or a plugin with its tag, such as vendor/plugin:tag${hint}`;
});

/** Options of a log driver. A rule compares them with the driver. */
export const logDriverOptions: SettingType<StringMap> = map({
  name: (name) =>
    /^[\x21-\x7e]{1,250}$/.test(name) && !name.includes("=")
      ? undefined
      : `must have names of printable characters without spaces, not ${JSON.stringify(name)}`,
  value: (name, value) =>
    /[\p{Cc}\p{Cs}]/u.test(value)
      ? `must not contain control characters; the value of ${name} has one`
      : undefined,
});
