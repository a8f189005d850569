import * as z from "zod/mini";
import { placementSchema, toNodeSpec, type NodeSpec } from "./node-spec";
import { resourcesSchema, toResources, type Resources } from "./resources";

/** What the containers of a service are created from. */
export interface TaskSpec {
  /** Empty for a task that is not a container. */
  readonly image: string;
  /** Environment variables by name. */
  readonly env: Readonly<Record<string, string>>;
  readonly hostname: string | undefined;
  /** Seconds that Swarm gives a container to stop; undefined if the service does not set it. */
  readonly graceSeconds: number | undefined;
  /** IDs of its networks. */
  readonly networks: readonly string[];
  /** IDs of its secrets. */
  readonly secrets: readonly string[];
  /** IDs of its configs. */
  readonly configs: readonly string[];
  /** Further lines of /etc/hosts, each an address and a name. */
  readonly hosts: readonly string[];
  /** Added and dropped capabilities, as they were written: with or without `CAP_`, in any order. */
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  /** Whether the root file system of its container is read-only. */
  readonly readOnlyRoot: boolean;
  /** What Swarm reserves for each task on its node. */
  readonly reservations: Resources;
  readonly nodes: NodeSpec;
}

const NANOSECONDS = 1e9;

/** The relevant part of a task's specification, as the engine's API returns it. */
export const taskSpecSchema = z.object({
  Placement: z.nullish(placementSchema),
  Resources: z.nullish(
    z.object({ Limits: z.nullish(resourcesSchema), Reservations: z.nullish(resourcesSchema) }),
  ),
  Networks: z.nullish(z.array(z.object({ Target: z.optional(z.string()) }))),
  ContainerSpec: z.nullish(
    z.object({
      Image: z.optional(z.string()),
      Env: z.nullish(z.array(z.string())),
      Hostname: z.optional(z.string()),
      StopGracePeriod: z.nullish(z.number()),
      Secrets: z.nullish(z.array(z.object({ SecretID: z.optional(z.string()) }))),
      Configs: z.nullish(z.array(z.object({ ConfigID: z.optional(z.string()) }))),
      Hosts: z.nullish(z.array(z.string())),
      CapabilityAdd: z.nullish(z.array(z.string())),
      CapabilityDrop: z.nullish(z.array(z.string())),
      ReadOnly: z.nullish(z.boolean()),
    }),
  ),
});

/** Reads the specification of a task. */
export function toTaskSpec({
  Placement: placement,
  Resources: resources,
  Networks,
  ContainerSpec,
}: z.infer<typeof taskSpecSchema>): TaskSpec {
  const { Image, Env, Hostname, StopGracePeriod, Secrets, Configs, Hosts } = ContainerSpec ?? {};
  const reservations = toResources(resources?.Reservations ?? {});
  return {
    image: Image ?? "",
    env: Object.fromEntries((Env ?? []).map(parseVariable)),
    hostname: Hostname,
    graceSeconds: typeof StopGracePeriod === "number" ? StopGracePeriod / NANOSECONDS : undefined,
    networks: (Networks ?? []).flatMap(({ Target }) => Target ?? []),
    secrets: (Secrets ?? []).flatMap(({ SecretID }) => SecretID ?? []),
    configs: (Configs ?? []).flatMap(({ ConfigID }) => ConfigID ?? []),
    hosts: Hosts ?? [],
    capAdd: ContainerSpec?.CapabilityAdd ?? [],
    capDrop: ContainerSpec?.CapabilityDrop ?? [],
    readOnlyRoot: ContainerSpec?.ReadOnly ?? false,
    reservations,
    nodes: toNodeSpec(placement ?? {}, [reservations, toResources(resources?.Limits ?? {})]),
  };
}

function parseVariable(entry: string): [name: string, value: string] {
  const [name = "", ...value] = entry.split("=");
  return [name, value.join("=")];
}
