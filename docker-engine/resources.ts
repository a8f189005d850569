import * as z from "zod/mini";

/** What a node has, or what a service reserves for each of its tasks. */
export interface Resources {
  /** Billionths of a CPU. Integers, so that sums are exact. */
  readonly nanoCpus: number;
  readonly memoryBytes: number;
  /** Counts of the resources that nodes advertise, such as GPUs, by kind. */
  readonly generic: Readonly<Record<string, number>>;
}

/** Nothing. */
export const NO_RESOURCES: Resources = { nanoCpus: 0, memoryBytes: 0, generic: {} };

/** A node lists the names of its GPUs, or their number. A service reserves a number. */
const genericResourcesSchema = z.nullish(
  z.array(
    z.object({
      NamedResourceSpec: z.nullish(z.object({ Kind: z.optional(z.string()) })),
      DiscreteResourceSpec: z.nullish(
        z.object({ Kind: z.optional(z.string()), Value: z.optional(z.number()) }),
      ),
    }),
  ),
);

/** Resources as the engine's API returns them. */
export const resourcesSchema = z.object({
  NanoCPUs: z.optional(z.number()),
  MemoryBytes: z.optional(z.number()),
  GenericResources: genericResourcesSchema,
});

/** Converts resources as the engine's API returns them. */
export function toResources(found: z.infer<typeof resourcesSchema>): Resources {
  const generic: Record<string, number> = {};
  for (const { NamedResourceSpec, DiscreteResourceSpec } of found.GenericResources ?? []) {
    const kind = NamedResourceSpec?.Kind ?? DiscreteResourceSpec?.Kind ?? "";
    generic[kind] = (generic[kind] ?? 0) + (DiscreteResourceSpec?.Value ?? 1);
  }
  return { nanoCpus: found.NanoCPUs ?? 0, memoryBytes: found.MemoryBytes ?? 0, generic };
}
