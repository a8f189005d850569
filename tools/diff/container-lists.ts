import type { Change } from "./changes";
import type { ResourceState, Step } from "./preview";
import { propertyAt } from "./properties";

/** A list in the specification of a container, and the setting behind it. */
interface ContainerList {
  readonly path: string;
  readonly setting: string;
  /** Formats an entry as a user writes it. */
  readonly format: (entry: Entry) => string;
}

type Entry = Readonly<Record<string, unknown>> | string;

const CONTAINER = "taskSpec.containerSpec";

const LISTS: readonly ContainerList[] = [
  { path: `${CONTAINER}.hosts`, setting: "extraHosts", format: formatHost },
  { path: `${CONTAINER}.dnsConfig.nameservers`, setting: "dns", format: String },
  { path: `${CONTAINER}.dnsConfig.searches`, setting: "dnsSearch", format: String },
  { path: `${CONTAINER}.dnsConfig.options`, setting: "dnsOptions", format: String },
];

/** Whether a path belongs to one of these lists. */
export function isContainerList(path: string): boolean {
  return LISTS.some((list) => path.startsWith(list.path) || list.path.startsWith(`${path}.`));
}

/**
 * Describes what changes in these lists. The provider may report an element with an index that it
 * does not have, and an empty list in place of a missing one.
 */
export function containerListChanges({ oldState, newState }: Step): readonly Change[] {
  return LISTS.flatMap(({ path, setting, format }): Change[] => {
    const read = (state: ResourceState | undefined) => entriesAt(state, path).map(format);
    const [before, after] = [read(oldState), read(newState)];
    const added = after.filter((text) => !before.includes(text));
    const removed = before.filter((text) => !after.includes(text));
    if (added.length > 0 || removed.length > 0) return [{ kind: "list", setting, added, removed }];
    // Only the order of DNS servers, domains and options has a meaning.
    if (!path.includes(".dnsConfig.") || before.join() === after.join()) return [];
    const show = (texts: readonly string[]) => ({ kind: "value" as const, text: texts.join(", ") });
    return [{ kind: "value", setting, from: show(before), to: show(after) }];
  });
}

function entriesAt(state: ResourceState | undefined, path: string): readonly Entry[] {
  const list = propertyAt(state?.inputs, path);
  return Array.isArray(list) ? (list as readonly Entry[]) : [];
}

function formatHost(entry: Entry): string {
  return `${String(propertyAt(entry, "host"))}:${String(propertyAt(entry, "ip"))}`;
}
