import { isObject } from "../../contract/json";
import type { Change } from "./changes";
import { listChange } from "./list-change";
import type { ResourceState, Step } from "./preview";
import { propertyAt, showAddedElements, showProperty, type DisplayValue } from "./properties";

const CONTAINER = "taskSpec.containerSpec";

/**
 * Lists whose order has no meaning. The provider may report an element with an index that it does
 * not have.
 */
const MOUNTS = `${CONTAINER}.mounts`;
const CAPABILITIES: Readonly<Record<string, string>> = {
  [`${CONTAINER}.capAdds`]: "capabilities of a replica",
  [`${CONTAINER}.capDrops`]: "dropped capabilities of a replica",
};

const READ_ONLY = `${CONTAINER}.readOnly`;

const UNORDERED = [MOUNTS, ...Object.keys(CAPABILITIES)];

/** Returns the path of the list if a path is an element of a list without order. */
export function withoutIndex(path: string): string {
  return UNORDERED.find((list) => path.startsWith(`${list}[`)) ?? path;
}

/** Whether a path is that of a list without order. */
export function isUnordered(path: string): boolean {
  return UNORDERED.includes(path);
}

/**
 * Describes a change of a replica's container in the terms of the settings.
 * @returns undefined if the path is that of another property
 */
export function containerChanges(step: Step, path: string): readonly Change[] | undefined {
  const [before, after] = [step.oldState?.inputs, step.newState?.inputs];
  const title = CAPABILITIES[path];
  if (title !== undefined) {
    return [listChange(title, showProperty(before, path), showProperty(after, path))];
  }
  if (path === READ_ONLY) {
    return [
      {
        ...{ kind: "value", setting: "readOnlyRoot" },
        ...{ from: showFlag(before), to: showFlag(after) },
      },
    ];
  }
  return path === MOUNTS ? mountChanges(step) : undefined;
}

/** The service has no property if the root file system is writable. */
function showFlag(inputs: Inputs): DisplayValue {
  return { kind: "value", text: String(propertyAt(inputs, READ_ONLY) === true) };
}

type Inputs = ResourceState["inputs"] | undefined;

/**
 * A folder in memory is described by its path, and any other mount as a user writes it. If that is
 * the same before and after, only its properties differ.
 */
function mountChanges({ oldState, newState }: Step): readonly Change[] {
  const [before, after] = [split(oldState?.inputs), split(newState?.inputs)];
  const added = without(after.inMemory, before.inMemory);
  const removed = without(before.inMemory, after.inMemory);
  const from = showAddedElements(before.others, after.others, "mounts");
  const to = showAddedElements(after.others, before.others, "mounts");
  const [old, next] = [before.others, after.others].map(({ mounts }) => mounts.map(format));
  const lists = { added: without(next ?? [], old ?? []), removed: without(old ?? [], next ?? []) };
  return [
    ...(added.length + removed.length === 0
      ? []
      : [{ kind: "list", setting: "folders in memory", added, removed } as const]),
    ...(lists.added.length + lists.removed.length > 0
      ? [{ kind: "list", setting: "mounts", ...lists } as const]
      : from.kind === "absent" && to.kind === "absent"
        ? []
        : [{ kind: "value", setting: MOUNTS, from, to } as const]),
  ];
}

function split(inputs: Inputs) {
  const found = propertyAt(inputs, MOUNTS);
  const mounts: readonly unknown[] = Array.isArray(found) ? found : [];
  return {
    inMemory: mounts.flatMap((mount) => (isInMemory(mount) ? [describe(mount)] : [])),
    others: { mounts: mounts.filter((mount) => !isInMemory(mount)) },
  };
}

type Tmpfs = Readonly<Record<string, unknown>>;

function isInMemory(mount: unknown): mount is Tmpfs {
  return isObject(mount) && mount["type"] === "tmpfs";
}

/** Describes a folder in memory by its path and its size, such as `/tmp (64 MiB)`. */
function describe(mount: Tmpfs): string {
  const bytes = propertyAt(mount, "tmpfsOptions.sizeBytes");
  const size = typeof bytes === "number" ? ` (${bytes / (1024 * 1024)} MiB)` : "";
  return `${String(mount["target"])}${size}`;
}

/** Formats a mount as `SOURCE:TARGET[:ro]`. */
function format(mount: unknown): string {
  const read = (name: string) => String(propertyAt(mount, name));
  return `${read("source")}:${read("target")}${read("readOnly") === "true" ? ":ro" : ""}`;
}

function without(list: readonly string[], other: readonly string[]): readonly string[] {
  return list.filter((item) => !other.includes(item));
}
