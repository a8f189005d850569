import { matches, parseConstraint } from "../../contract/placement/constraint";
import { hasPlatform, toPlatform } from "../../contract/placement/platform";
import type { NodeCondition, PlacementRequest } from "./request";

const NANO = 1e9;

/** The settings from which a request is made, parsed. */
export interface PlacementValues {
  /** Undefined for a global pool. */
  readonly replicas: number | undefined;
  readonly constraints?: readonly string[] | undefined;
  readonly platforms?: readonly string[] | undefined;
  readonly maxPerNode?: number | undefined;
  readonly reservations?: {
    /** In bytes. */
    readonly memory?: number | undefined;
    readonly cpus?: number | undefined;
    readonly generic?: Readonly<Record<string, number>> | undefined;
  };
  readonly order: PlacementRequest["order"];
}

/** Builds a request from settings. */
export function toPlacementRequest(values: PlacementValues): PlacementRequest {
  const { replicas, constraints = [], platforms = [], maxPerNode, order } = values;
  const { memory = 0, cpus = 0, generic = {} } = values.reservations ?? {};
  return {
    replicas,
    constraints: constraints.map(toConstraint),
    platforms: platforms.map(toPlatformCondition),
    maxPerNode,
    reservations: { memoryBytes: memory, nanoCpus: Math.round(cpus * NANO), generic },
    order,
  };
}

/** The settings were checked before, so a constraint that cannot be parsed is a bug. */
function toConstraint(text: string): NodeCondition {
  const parsed = parseConstraint(text);
  if ("problem" in parsed) throw new TypeError(parsed.problem);
  return { text, matches: (node) => matches(parsed.value, node) };
}

function toPlatformCondition(text: string): NodeCondition {
  const platform = toPlatform(text);
  return { text, matches: (node) => hasPlatform(node, platform) };
}
