import { normalizePath } from "../../paths";
import { findNearest } from "../../suggest";
import { map, type StringMap } from "./map";
import type { SettingType } from "../type";

/** Options without a value that Docker accepts for a tmpfs. */
const FLAGS = [
  ...["defaults", "ro", "rw", "suid", "nosuid", "dev", "nodev", "exec", "noexec", "sync", "async"],
  ...["dirsync", "mand", "nomand", "atime", "noatime", "diratime", "nodiratime", "relatime"],
  ...["norelatime", "strictatime", "nostrictatime", "shared", "rshared", "slave", "rslave"],
  ...["private", "rprivate", "unbindable", "runbindable"],
];

/** Options with a value. */
const VALUES: Readonly<Record<string, RegExp>> = {
  size: /^\d{1,15}[kmgKMG%]?$/,
  mode: /^[0-7]{1,4}$/,
  uid: /^\d{1,10}$/,
  gid: /^\d{1,10}$/,
  nr_inodes: /^\d{1,15}[kmgKMG]?$/,
  nr_blocks: /^\d{1,15}[kmgKMG]?$/,
  mpol: /^[\w=:,-]+$/,
};

/** Mounts of tmpfs: options such as `rw,noexec,size=64m` by absolute path. */
export const tmpfs: SettingType<StringMap> = map({ name: checkPath, value: checkOptions });

function checkPath(path: string): string | undefined {
  if (!path.startsWith("/") || path.includes(":")) {
    return `must have absolute paths without a colon as names, not ${JSON.stringify(path)}`;
  }
  return normalizePath(path) === "/" ? "must not mount a tmpfs at /" : undefined;
}

function checkOptions(path: string, options: string): string | undefined {
  const wrong = options === "" ? undefined : options.split(",").find((option) => !isOption(option));
  if (wrong === undefined) return undefined;
  const [name = ""] = wrong.split("=");
  const meant = FLAGS.includes(name) ? name : findNearest(name, [...FLAGS, ...Object.keys(VALUES)]);
  const hint = meant === undefined || meant === wrong ? "" : `: did you mean ${meant}?`;
  return `must have mount options such as rw,noexec,size=64m,mode=1777; ${JSON.stringify(wrong)} of ${path} is not valid${hint}`;
}

function isOption(option: string): boolean {
  const [name = "", ...value] = option.split("=");
  if (value.length === 0) return FLAGS.includes(name);
  return Object.hasOwn(VALUES, name) && VALUES[name]?.test(value.join("=")) === true;
}
