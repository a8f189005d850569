import * as z from "zod/mini";
import type { EngineApi } from "../../components/docker/engine-api";
import { poolMarkOf, systemIdOf } from "../../contract/identity";
import { REPLICA_ENV, spreadSettings } from "../../contract/replica-env";
import { expandTemplate } from "./template";

const specSchema = z.object({
  ContainerSpec: z.optional(
    z.object({
      Image: z.string(),
      Env: z.nullish(z.array(z.string())),
      Hostname: z.optional(z.string()),
    }),
  ),
});

const serviceSchema = z.object({
  ID: z.string(),
  Spec: z.object({
    Name: z.string(),
    Mode: z.object({ Replicated: z.optional(z.object({ Replicas: z.optional(z.int()) })) }),
    TaskTemplate: specSchema,
  }),
});

const taskSchema = z.object({
  ID: z.string(),
  ServiceID: z.string(),
  Slot: z.optional(z.int()),
  NodeID: z.optional(z.string()),
  CreatedAt: z.string(),
  DesiredState: z.string(),
  Spec: specSchema,
  Status: z.object({
    State: z.string(),
    Timestamp: z.optional(z.string()),
    Message: z.optional(z.string()),
    Err: z.optional(z.string()),
    ContainerStatus: z.nullish(z.object({ ContainerID: z.optional(z.string()) })),
  }),
});

const nodeSchema = z.object({
  ID: z.string(),
  Description: z.optional(z.object({ Hostname: z.optional(z.string()) })),
});

/** What a replica takes for the first part of its description where nothing is set. */
const RUNNER_NAME = "gitlab-runner-";

type Service = z.infer<typeof serviceSchema>;

/** A swarm service whose replicas are runners. */
export interface Pool {
  readonly serviceId: string;
  /** Name of the service. */
  readonly name: string;
  /** Replicas that swarm is to keep running. */
  readonly wanted: number;
  readonly gitlabUrl: string;
  /** First part of the description of runners that the replicas register. */
  readonly runnerName: string;
  /** How the system IDs of all its replicas begin; undefined where the service does not name its pool. */
  readonly mark: string | undefined;
  readonly tasks: readonly Task[];
}

/** A task of a pool: one replica, or the attempt at one. */
export interface Task {
  readonly id: string;
  readonly slot: number;
  /** Host name of its node; empty as long as it has none. */
  readonly node: string;
  /** In ISO 8601. */
  readonly created: string;
  /** When it came into this state, in ISO 8601. */
  readonly since: string;
  readonly state: string;
  readonly desiredState: string;
  /** What swarm says about it: the error if there is one. */
  readonly message: string;
  /** Tag of its image. */
  readonly image: string;
  readonly systemId: string;
}

/**
 * Reads the pools that run in the swarm. @param names services to read. @default all whose containers have a GitLab URL
 * @throws Error if the engine cannot be reached, is no manager of a swarm, or has no such service
 */
export async function readPools(
  engine: EngineApi,
  names: readonly string[] = [],
): Promise<readonly Pool[]> {
  const [services, tasks, nodes] = await Promise.all([
    read(engine, "/services", serviceSchema),
    read(engine, "/tasks", taskSchema),
    read(engine, "/nodes", nodeSchema),
  ]);
  const hosts = new Map(nodes.map(({ ID, Description }) => [ID, Description?.Hostname ?? ID]));
  const pools = services
    .filter((service) => settingsOf(service.Spec.TaskTemplate)[REPLICA_ENV.gitlabUrl] !== undefined)
    .filter(({ Spec }) => names.length === 0 || names.includes(Spec.Name))
    .map((service) => poolOf(service, tasks, hosts));
  const missing = names.filter((name) => !pools.some((pool) => pool.name === name));
  if (missing.length > 0) {
    throw new Error(`there is no service ${missing.join(", ")} with runners in this swarm`);
  }
  return pools.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function read<T>(
  engine: EngineApi,
  path: string,
  schema: z.ZodMiniType<T>,
): Promise<readonly T[]> {
  return z.parse(z.array(schema), await engine.get(path));
}

function poolOf(
  service: Service,
  tasks: readonly z.infer<typeof taskSchema>[],
  hosts: ReadonlyMap<string, string>,
): Pool {
  const { ID: serviceId, Spec } = service;
  const settings = settingsOf(Spec.TaskTemplate);
  const pool = settings[REPLICA_ENV.pool];
  return {
    serviceId,
    name: Spec.Name,
    wanted: Spec.Mode.Replicated?.Replicas ?? 0,
    gitlabUrl: settings[REPLICA_ENV.gitlabUrl] ?? "",
    runnerName: settings[REPLICA_ENV.runnerName] ?? RUNNER_NAME,
    mark:
      pool === undefined
        ? undefined
        : poolMarkOf(expandTemplate(pool, { service: { id: serviceId, name: Spec.Name } })),
    tasks: tasks
      .filter((task) => task.ServiceID === serviceId)
      .map((task) => ({
        id: task.ID,
        slot: task.Slot ?? 0,
        node: hosts.get(task.NodeID ?? "") ?? "",
        created: task.CreatedAt,
        since: task.Status.Timestamp ?? task.CreatedAt,
        state: task.Status.State,
        desiredState: task.DesiredState,
        message: task.Status.Err ?? task.Status.Message ?? "",
        image: tagOf(task.Spec.ContainerSpec?.Image ?? ""),
        systemId: systemIdOfTask(task, Spec.Name),
      })),
  };
}

/** The system ID that the replica of a task derives from its environment, or from its host name where that says nothing. */
function systemIdOfTask(task: z.infer<typeof taskSchema>, serviceName: string): string {
  const settings = settingsOf(task.Spec);
  const hostname =
    task.Spec.ContainerSpec?.Hostname ??
    task.Status.ContainerStatus?.ContainerID?.slice(0, 12) ??
    "";
  const values = { service: { id: task.ServiceID, name: serviceName }, slot: task.Slot ?? 0 };
  const text = (value: string | undefined) => expandTemplate(value ?? "", values);
  return systemIdOf({
    pool: text(settings[REPLICA_ENV.pool] ?? settings[REPLICA_ENV.runnerName] ?? RUNNER_NAME),
    slot: text(settings[REPLICA_ENV.slot] ?? hostname),
    generation: text(settings[REPLICA_ENV.generation]),
  });
}

function settingsOf({ ContainerSpec }: z.infer<typeof specSchema>) {
  const env = (ContainerSpec?.Env ?? []).map((entry): [string, string] => {
    const [name = "", ...value] = entry.split("=");
    return [name, value.join("=")];
  });
  return spreadSettings(Object.fromEntries(env));
}

function tagOf(image: string): string {
  const [name = ""] = image.split("@");
  return /:([^:/]+)$/.exec(name)?.[1] ?? "latest";
}
