import * as z from "zod/mini";
import { readObject, type ObjectReader } from "./read-objects";
import type { ServicePlacement } from "./global-service";
import type { placementSchema } from "./node-spec";
import { toTaskSpec, taskSpecSchema, type TaskSpec } from "./task-spec";

/** A service of the swarm. */
export interface Service extends TaskSpec {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /**
   * Number of replicas that Swarm keeps running; undefined for a global service, which has one on
   * each node.
   */
  readonly replicas: number | undefined;
  readonly placement: ServicePlacement;
  /** Maximum number of replicas per node; undefined if there is no limit. */
  readonly maxPerNode: number | undefined;
  /** Undefined if the service was never updated. */
  readonly update: UpdateStatus | undefined;
  /** Increases with every change in the swarm, so it orders events without clocks. */
  readonly index: number;
}

/** The status of a service's last update, as Swarm reports it. */
export interface UpdateStatus {
  readonly state: string;
  readonly message: string;
}

const schema = z.object({
  ID: z.string(),
  Version: z.optional(z.object({ Index: z.optional(z.number()) })),
  Spec: z.object({
    Name: z.string(),
    Labels: z.nullish(z.record(z.string(), z.string())),
    Mode: z.optional(
      z.object({
        Replicated: z.nullish(z.object({ Replicas: z.optional(z.number()) })),
        Global: z.nullish(z.object({})),
      }),
    ),
    TaskTemplate: taskSpecSchema,
  }),
  UpdateStatus: z.nullish(
    z.object({ State: z.optional(z.string()), Message: z.optional(z.string()) }),
  ),
});

/** Reads all services. */
export async function readServices(engine: ObjectReader): Promise<readonly Service[]> {
  return (await readObject(engine, "/services", z.array(schema))).map(toService);
}

/** Finds a service by its name. */
export async function findService(
  engine: ObjectReader,
  name: string,
): Promise<Service | undefined> {
  const query = { filters: { name: [name] } };
  const found = await readObject(engine, "/services", z.array(schema), query);
  // Docker also returns names that begin with this name.
  return found.map(toService).find((service) => service.name === name);
}

/** Reads one service. @throws {EngineError} if it does not exist */
export async function readService(engine: ObjectReader, id: string): Promise<Service> {
  return toService(await readObject(engine, `/services/${id}`, schema));
}

function toService({ ID, Version, Spec, UpdateStatus }: z.infer<typeof schema>): Service {
  return {
    id: ID,
    name: Spec.Name,
    labels: Spec.Labels ?? {},
    replicas: isPresent(Spec.Mode?.Global) ? undefined : (Spec.Mode?.Replicated?.Replicas ?? 0),
    placement: toPlacement(Spec.TaskTemplate.Placement ?? {}),
    maxPerNode: toLimit(Spec.TaskTemplate.Placement?.MaxReplicas),
    ...toTaskSpec(Spec.TaskTemplate),
    update:
      UpdateStatus?.State === undefined
        ? undefined
        : { state: UpdateStatus.State, message: UpdateStatus.Message ?? "" },
    index: Version?.Index ?? 0,
  };
}

function toPlacement({
  Constraints,
  Platforms,
}: z.infer<typeof placementSchema>): ServicePlacement {
  return {
    constraints: Constraints ?? [],
    platforms: (Platforms ?? []).map(({ OS = "", Architecture = "" }) => ({
      os: OS,
      architecture: Architecture,
    })),
  };
}

/** Swarm writes 0 for no limit. */
function toLimit(written = 0): number | undefined {
  return written === 0 ? undefined : written;
}

function isPresent(value: object | null | undefined): boolean {
  return value !== null && value !== undefined;
}
