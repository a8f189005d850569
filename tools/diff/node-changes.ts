import { formatSize } from "../../contract/settings/types/size";
import type { Change } from "./changes";
import type { ResourceState, Step } from "./preview";
import { propertyAt, showProperty, type DisplayValue } from "./properties";

/** Where the service has the settings `placement` and `resources`. */
const PARTS = ["taskSpec.placement", "taskSpec.resources"];

/** Lists of the service, by their settings. Their order is fixed or has no meaning. */
const LISTS: readonly (readonly [setting: string, path: string])[] = [
  ["placement.constraints", "taskSpec.placement.constraints"],
  ["placement.spread", "taskSpec.placement.prefs"],
  [
    "resources.reservations.generic",
    "taskSpec.resources.reservation.genericResources.discreteResourcesSpecs",
  ],
];

const NANO = 1e9;

/** Amounts of the service, by their settings. 0 is the same as no amount. */
const AMOUNTS: readonly (readonly [
  setting: string,
  path: string,
  format: (amount: number) => string,
])[] = [
  ["placement.maxPerNode", "taskSpec.placement.maxReplicas", String],
  ["resources.limits.memory", "taskSpec.resources.limits.memoryBytes", formatSize],
  ["resources.limits.cpus", "taskSpec.resources.limits.nanoCpus", formatCpus],
  ["resources.reservations.memory", "taskSpec.resources.reservation.memoryBytes", formatSize],
  ["resources.reservations.cpus", "taskSpec.resources.reservation.nanoCpus", formatCpus],
];

/** Whether a path of the service belongs to `placement` or `resources`. */
export function isNodePath(path: string): boolean {
  return PARTS.some((part) => path === part || path.startsWith(`${part}.`));
}

/** Lists the changes of where replicas run and what they may use there. */
export function nodeChanges({ oldState, newState }: Step): readonly Change[] {
  const lists = LISTS.flatMap(([setting, path]): readonly Change[] => {
    const [before, after] = [readList(oldState, path), readList(newState, path)];
    const added = after.filter((item) => !before.includes(item));
    const removed = before.filter((item) => !after.includes(item));
    return added.length + removed.length === 0 ? [] : [{ kind: "list", setting, added, removed }];
  });
  const amounts = AMOUNTS.flatMap(([setting, path, format]): readonly Change[] => {
    const [from, to] = [oldState, newState].map((state) => showAmount(state, path, format));
    if (from === undefined || to === undefined) return [];
    return JSON.stringify(from) === JSON.stringify(to)
      ? []
      : [{ kind: "value", setting, from, to }];
  });
  return [...lists, ...amounts];
}

function readList(state: ResourceState | undefined, path: string): readonly string[] {
  const list = propertyAt(state?.inputs, path);
  return Array.isArray(list) ? list.map(String) : [];
}

function showAmount(
  state: ResourceState | undefined,
  path: string,
  format: (amount: number) => string,
): DisplayValue {
  const amount = propertyAt(state?.inputs, path);
  if (amount === 0) return { kind: "absent" };
  return typeof amount === "number"
    ? { kind: "value", text: format(amount) }
    : showProperty(state?.inputs, path);
}

function formatCpus(nano: number): string {
  return String(nano / NANO);
}
