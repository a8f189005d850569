import { isObject, parseJson } from "../../json";
import { list } from "../../lists";
import { explainReservedPath, resolvePath } from "../../reserved-paths";
import { andThen, type Parsed, type SettingType } from "../type";
import { listOfObjects } from "./objects";
import { boolean, oneOf } from "./plain";
import { size, type Size } from "./size";
import { checkedString } from "./string";

/** A mount in the container of each replica. */
export interface Mount {
  readonly type: "bind" | "volume" | "tmpfs";
  /** A path on the node, or the name of a volume. A tmpfs has none. */
  readonly source?: string;
  readonly target: string;
  readonly readOnly?: boolean;
  /** Limit of a tmpfs, in bytes. */
  readonly size?: number;
}

/** A mount as a user writes it: `SOURCE:TARGET[:ro]`, or an object. */
export interface MountArgs {
  /** `bind` for a path of the node, `volume` for a Docker volume, `tmpfs` for memory. */
  readonly type: "bind" | "volume" | "tmpfs";
  /** Path on the node (`bind`), or name of the volume (`volume`). A `tmpfs` has none. */
  readonly source?: string | undefined;
  /** Absolute path in the container. */
  readonly target: string;
  /** Whether the replica can only read it. @default false */
  readonly readOnly?: boolean | undefined;
  /** Limit of a `tmpfs`, such as `64m`. @default half of the node's memory */
  readonly size?: Size | number | undefined;
}

const RULE =
  'must be a list of SOURCE:TARGET[:ro] or of objects, such as {"type": "tmpfs", "target": "/builds", "size": "1g"}';

/** A name that Docker accepts for a volume. */
const VOLUME_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;

const MIN_SIZE = 4096;
const MAX_SIZE = 1024 ** 5;

const target = checkedString("path", (text) =>
  text.startsWith("/") && !/[:\p{Cc}]/u.test(text)
    ? undefined
    : "must be an absolute path in the container, without a colon",
);

const source = checkedString("path or volume name", (text) =>
  text.trim() === "" || /[:\p{Cc}]/u.test(text)
    ? "must be an absolute path on the node or the name of a volume, without a colon"
    : undefined,
);

const objects = listOfObjects(
  {
    type: oneOf(["bind", "volume", "tmpfs"]),
    source,
    target,
    readOnly: boolean,
    size: size(MIN_SIZE, MAX_SIZE),
  },
  ["type", "target"],
);

/** Further mounts of the replicas' containers: Docker's short form, or objects. */
export const mounts: SettingType<
  readonly Mount[],
  string | readonly (string | MountArgs)[] | readonly Mount[]
> = {
  label: "list",
  isList: true,
  parse: (written) =>
    andThen(readEntries(written), (entries) =>
      andThen(parseObjects(entries, typeof written === "string"), checkMounts),
    ),
  format: (value) => objects.format(value),
};

/** Reads the entries: an array in code, JSON, or short forms separated by commas. */
function readEntries(written: unknown): Parsed<readonly unknown[]> {
  if (Array.isArray(written)) return expandAll(written);
  if (typeof written !== "string") return { problem: RULE };
  if (!/^\s*[[{]/.test(written)) return andThen(list.parse(written), expandAll);
  const value = parseJson(written);
  return Array.isArray(value) ? expandAll(value) : { problem: RULE };
}

function expandAll(entries: readonly unknown[]): Parsed<readonly unknown[]> {
  const expanded = entries.map((entry) =>
    typeof entry === "string" ? expandShortForm(entry.trim()) : { value: entry },
  );
  const problem = expanded.find((one) => "problem" in one);
  if (problem !== undefined) return problem;
  return { value: expanded.flatMap((one) => ("value" in one ? [one.value] : [])) };
}

/** Converts `SOURCE:TARGET[:ro]` to an object. */
function expandShortForm(entry: string): Parsed<unknown> {
  const wrong = (why: string) => ({
    problem: `must be a list of SOURCE:TARGET[:ro] or of objects; ${JSON.stringify(entry)} ${why}`,
  });
  if (/^[a-zA-Z]:[\\/]|\\/.test(entry)) {
    return wrong("is a Windows path, but the nodes run Linux");
  }
  const [from = "", to, mode, ...rest] = entry.split(":");
  if (to === undefined) {
    return wrong("has no source: write SOURCE:TARGET, or an object for a tmpfs");
  }
  if (/^[.~]/.test(from)) return wrong("starts with a relative path: use an absolute path");
  if (!to.startsWith("/")) return wrong("has a target that is not an absolute path");
  if (rest.length > 0 || !(mode === undefined || mode === "ro" || mode === "rw")) {
    return wrong("has an invalid mode (valid modes: ro, rw)");
  }
  return {
    value: {
      type: from.startsWith("/") ? "bind" : "volume",
      source: from,
      target: to,
      ...(mode === "ro" ? { readOnly: true } : {}),
    },
  };
}

/** @param isText in text, a size without a unit is rejected: its meaning would be unclear */
function parseObjects(entries: readonly unknown[], isText: boolean): Parsed<readonly Mount[]> {
  if (!entries.every(isObject)) return { problem: RULE };
  return objects.parse(isText ? JSON.stringify(entries) : entries);
}

function checkMounts(given: readonly Mount[]): Parsed<readonly Mount[]> {
  const problems = given.flatMap((mount) => checkMount(mount) ?? []);
  const [problem] = problems;
  if (problem !== undefined) return { problem: `must not ${problems.join("; must not ")}` };
  const targets = given.map((mount) => resolvePath(mount.target));
  const twice = targets.find((path, at) => targets.indexOf(path) !== at);
  return twice === undefined
    ? { value: given }
    : { problem: `must not mount two sources at the same path; ${twice} appears twice` };
}

/** @returns what the mount must not do: "mount …" */
function checkMount(mount: Mount): string | undefined {
  const reserved = explainReservedPath(mount.target);
  if (reserved !== undefined) return `mount at ${mount.target}: it ${reserved}`;
  const at = `mount a ${mount.type} at ${mount.target}`;
  if (mount.type !== "tmpfs" && mount.size !== undefined) {
    return `${at} with a size: only a tmpfs has one`;
  }
  switch (mount.type) {
    case "bind":
      if (mount.source === undefined) return `${at} without a source: add the path on the node`;
      return mount.source.startsWith("/")
        ? undefined
        : `${at} from ${mount.source}: the source must be an absolute path on the node`;
    case "volume":
      if (mount.source === undefined) return `${at} without a source: add the name of the volume`;
      return VOLUME_NAME.test(mount.source)
        ? undefined
        : `${at} from ${mount.source}: the source must be the name of a volume`;
    case "tmpfs":
      if (mount.source !== undefined) return `${at} with a source: a tmpfs has none`;
      return mount.readOnly === true ? `${at} as readOnly: it would stay empty` : undefined;
  }
}
