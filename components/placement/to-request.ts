import { matches, parseConstraint } from "../../contract/placement/constraint";
import { hasPlatform, parsePlatform } from "../../contract/placement/platform";
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
    platforms: platforms.map(toPlatform),
    maxPerNode,
    reservations: { memoryBytes: memory, nanoCpus: Math.round(cpus * NANO), generic },
    order,
  };
}

/** The settings were checked before, so a constraint or platform that cannot be parsed is a bug. */
function toConstraint(text: string): NodeCondition {
  const parsed = parseConstraint(text);
  if ("problem" in parsed) throw new TypeError(parsed.problem);
  return { text, matches: (node) => matches(parsed.value, node) };
}

function toPlatform(text: string): NodeCondition {
  const parsed = parsePlatform(text);
  if ("problem" in parsed) throw new TypeError(parsed.problem);
  return { text, matches: (node) => hasPlatform(node, parsed.value) };
}
