import * as z from "zod/mini";
import type { Resources } from "./resources";

/** What a service says about the nodes of its tasks. */
export interface NodeSpec {
  /** Whether it has a constraint, a preference or a maximum number of tasks per node. */
  readonly isPlaced: boolean;
  /** Whether it has a limit or a reservation. */
  readonly hasResources: boolean;
}

/** Placement as the engine's API returns it. */
export const placementSchema = z.object({
  Constraints: z.nullish(z.array(z.string())),
  Preferences: z.nullish(z.array(z.unknown())),
  MaxReplicas: z.optional(z.number()),
  Platforms: z.nullish(
    z.array(z.object({ OS: z.optional(z.string()), Architecture: z.optional(z.string()) })),
  ),
});

/** Converts placement as the engine's API returns it. */
export function toNodeSpec(
  { Constraints, Preferences, MaxReplicas = 0 }: z.infer<typeof placementSchema>,
  resources: readonly Resources[],
): NodeSpec {
  return {
    isPlaced: MaxReplicas > 0 || [Constraints, Preferences].some((list = []) => hasEntries(list)),
    hasResources: resources.some(
      ({ nanoCpus, memoryBytes, generic }) =>
        nanoCpus > 0 || memoryBytes > 0 || Object.keys(generic).length > 0,
    ),
  };
}

function hasEntries(list: readonly unknown[] | null): boolean {
  return list !== null && list.length > 0;
}
