import { checkedList } from "../../lists";
import { parseJson, isObject } from "../../json";

/** What Docker accepts as the value of each option. */
const OPTIONS: Readonly<Record<string, RegExp>> = {
  apparmor: /^[^\s]+$/,
  label: /^(?:disable|(?:user|role|type|level|filetype|nested):?.*)$/s,
  "no-new-privileges": /^(?:true|false)$/,
  seccomp: /^.+$/s,
  "writable-cgroups": /^(?:true|false)$/,
};

/** Options without a value. */
const FLAGS = ["no-new-privileges", "writable-cgroups"];

const RULE =
  "must be a list of security options: apparmor=PROFILE, label=…, no-new-privileges, seccomp=… or writable-cgroups";

/** Security options of containers, such as `no-new-privileges`. */
export const securityOptions = checkedList((entries) =>
  entries.map(checkOption).find((problem) => problem !== undefined),
);

function checkOption(entry: string): string | undefined {
  const { key = "", value } = /^(?<key>[^=:]*)(?:[=:](?<value>.*))?$/s.exec(entry)?.groups ?? {};
  if (entry.startsWith("seccomp:")) {
    return `must have seccomp=… with an equals sign, because gitlab-runner reads a profile only in that form; ${show(entry)} has a colon`;
  }
  if (key === "systempaths") {
    return `${RULE}; gitlab-runner does not support systempaths`;
  }
  const isValid =
    value === undefined
      ? FLAGS.includes(key)
      : Object.hasOwn(OPTIONS, key) && OPTIONS[key]?.test(value) === true;
  if (!isValid) return `${RULE}; ${show(entry)} is not one`;
  return key === "seccomp" ? checkSeccomp(value ?? "") : undefined;
}

function checkSeccomp(profile: string): string | undefined {
  if (profile.startsWith("{")) {
    return isObject(parseJson(profile))
      ? undefined
      : "must have a seccomp profile that is JSON: pass lists with commas as JSON";
  }
  const isKnown = ["unconfined", "builtin"].includes(profile) || profile.startsWith("/");
  return isKnown
    ? undefined
    : `must have a seccomp profile that is unconfined, builtin, JSON text, or the absolute path of a file in the runner image; ${show(profile)} is not one`;
}

function show(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
