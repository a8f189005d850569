import { containerChanges, isUnordered, withoutIndex } from "./container-changes";
import { containerListChanges, isContainerList } from "./container-lists";
import { imageChange } from "./image-change";
import { LABELS, labelChanges } from "./label-changes";
import { listChange } from "./list-change";
import type { Change, ReplicaCount, ReplicaImpact } from "./changes";
import type { ResourceState, Step } from "./preview";
import { isNodePath, nodeChanges } from "./node-changes";
import { propertyAt, showAddedElements, showProperty, type DisplayValue } from "./properties";
import { isSettingsPath, replicaSettings } from "./replica-settings";
import { DEFAULT_DRAIN, isListSetting } from "./settings";

const MODE = "mode";
const REPLICAS = "mode.replicated.replicas";
const CONTAINER = "taskSpec.containerSpec";
const GRACE = `${CONTAINER}.stopGracePeriod`;

/** The provider's internal properties. It reports them as changed when it replaces the service. */
const META = "__meta";

const NETWORKS = "taskSpec.networksAdvanceds";

/**
 * Lists the changes of a pool's service.
 * @param all all steps of the stack, including those that build the image
 */
export function serviceChanges(step: Step, all: readonly Step[]): readonly Change[] {
  if (step.oldState === undefined || step.newState === undefined) return [];
  const paths = differingPaths(step);
  const settings = paths.some(isSettingsPath) ? settingsChanges(step) : [];
  const isDrainReported = settings.some(
    (change) => change.kind === "value" && change.setting === "drainTimeout",
  );
  const found = paths
    .filter((path) => !isSettingsPath(path) && !isContainerList(path) && path !== META)
    .filter((path) => !isNodePath(path))
    // The grace period is the drain timeout plus headroom, so only one of them is reported.
    .filter((path) => path !== GRACE || !isDrainReported)
    .filter((path) => !isFollowingRollback(path, paths))
    .flatMap(
      (path) =>
        (path === LABELS ? labelChanges(step) : undefined) ??
        containerChanges(step, path) ?? [changeAt(step, path, all)],
    );
  const lists = paths.some(isContainerList) ? containerListChanges(step) : [];
  const different = new Map([...found, ...lists].map((change) => [JSON.stringify(change), change]));
  return [...different.values(), ...nodeChanges(step), ...settings];
}

function changeAt(step: Step, path: string, all: readonly Step[]): Change {
  if (path === MODE || path.startsWith(`${MODE}.`)) return compareModes(step);
  if (path === `${CONTAINER}.image`) return imageChange(step, path, all);
  if (path.startsWith(`${CONTAINER}.secrets`)) {
    return { kind: isTokenChanged(step) ? "token" : "other secrets" };
  }
  if (path.startsWith(`${CONTAINER}.configs`)) return { kind: "certificates" };
  if (path.startsWith(NETWORKS)) return { kind: hasSeveralNetworks(step) ? "networks" : "network" };
  const setting = path
    .replace(/^updateConfig\./, "update.")
    .replace(/^taskSpec\.(?=logDriver)/, "");
  return { kind: "value", setting, ...compareProperty(step, path) };
}

/** Compares the numbers of replicas, or the modes if one of them is global. */
function compareModes({ oldState, newState }: Step): Change {
  const [from, to] = [readReplicas(oldState), readReplicas(newState)];
  if (typeof from === "number" && typeof to === "number") return { kind: "scale", from, to };
  return { kind: "value", setting: MODE, from: showMode(from), to: showMode(to) };
}

function showMode(replicas: ReplicaCount): DisplayValue {
  return { kind: "value", text: typeof replicas === "number" ? "replicated" : "global" };
}

/** Whether the replicas have further networks before or after the change. */
function hasSeveralNetworks({ oldState, newState }: Step): boolean {
  const counts = [oldState, newState].map((state) => propertyAt(state?.inputs, NETWORKS));
  return counts.some((list) => Array.isArray(list) && list.length > 1);
}

/** A rollback has the order and the parallelism of the update, so only one of them is reported. */
function isFollowingRollback(path: string, all: readonly string[]): boolean {
  const [rollback, update] = ["rollbackConfig.", "updateConfig."];
  return path.startsWith(rollback) && all.includes(path.replace(rollback, update));
}

/** Whether a service gets another token. Its secret is the first one. */
function isTokenChanged({ oldState, newState }: Step): boolean {
  const path = `${CONTAINER}.secrets[0].secretId`;
  return !isSame(showProperty(oldState?.inputs, path), showProperty(newState?.inputs, path));
}

/**
 * Compares a property before and after the change. For a list without order, only the added and
 * removed elements count.
 */
function compareProperty({ oldState, newState }: Step, path: string): BeforeAndAfter {
  const [before, after] = [oldState?.inputs, newState?.inputs];
  return isUnordered(path) || path === LABELS
    ? { from: showAddedElements(before, after, path), to: showAddedElements(after, before, path) }
    : { from: showProperty(before, path), to: showProperty(after, path) };
}

interface BeforeAndAfter {
  readonly from: DisplayValue;
  readonly to: DisplayValue;
}

function settingsChanges({ oldState, newState }: Step): readonly Change[] {
  const [before, after] = [replicaSettings(oldState), replicaSettings(newState)];
  if (before === undefined || after === undefined) return [{ kind: "unknown settings" }];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((setting) => {
    const from = before.get(setting) ?? ABSENT;
    const to = after.get(setting) ?? ABSENT;
    if (isSame(from, to)) return [];
    return [
      isListSetting(setting)
        ? listChange(setting, from, to)
        : { kind: "value" as const, setting, from, to },
    ];
  });
}

const ABSENT: DisplayValue = { kind: "absent" };

function isSame(from: DisplayValue, to: DisplayValue): boolean {
  const known = from.kind === "value" || from.kind === "absent";
  return known && JSON.stringify(from) === JSON.stringify(to);
}

/**
 * The provider also reports properties that it only fills in, such as an empty map instead of a
 * missing one.
 */
function differingPaths(step: Step): readonly string[] {
  const paths = step.paths.map((path) => (path.startsWith(LABELS) ? LABELS : withoutIndex(path)));
  return [...new Set(paths)].filter((path) => {
    if (isContainerList(path)) return containerListChanges(step).length > 0;
    if (isNodePath(path)) return nodeChanges(step).length > 0;
    const { from, to } = compareProperty(step, path);
    return !isSame(from, to);
  });
}

/** Derives what a step of its service means for a pool's replicas. */
export function assessImpact(step: Step): ReplicaImpact {
  const [from, to] = [readReplicas(step.oldState), readReplicas(step.newState)];
  const drain = readDrainTimeout(step.oldState);
  switch (step.op) {
    case "create":
      return { kind: "created", replicas: to };
    case "delete":
      return { kind: "deleted", replicas: from, drain };
    case "replace":
    case "create-replacement":
    case "delete-replaced":
      return { kind: "replaced", replicas: from, drain };
    default:
  }
  // Swarm starts new tasks exactly when the task's own spec differs.
  if (differingPaths(step).some((path) => path.startsWith("taskSpec"))) {
    const isStopFirst = propertyAt(step.newState?.inputs, "updateConfig.order") === "stop-first";
    return { kind: "rolled", from, to, drain, ...(isStopFirst ? { stopsFirst: true } : {}) };
  }
  return from === to || typeof from !== "number" || typeof to !== "number"
    ? { kind: "untouched" }
    : { kind: "scaled", from, to, drain };
}

function readReplicas(state: ResourceState | undefined): ReplicaCount {
  if (propertyAt(state?.inputs, "mode.global") === true) return "one on each node";
  return Number(propertyAt(state?.inputs, REPLICAS) ?? 0);
}

/** How long a running replica may drain. It keeps the timeout that it was started with. */
function readDrainTimeout(state: ResourceState | undefined): string {
  const shown = replicaSettings(state)?.get("drainTimeout") ?? ABSENT;
  return shown.kind === "value" ? shown.text : DEFAULT_DRAIN;
}
