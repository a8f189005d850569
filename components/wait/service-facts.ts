import { parseSettingsVariable, TASK_ENV } from "../../contract/replica-env";
import { OWNER_LABEL } from "../../contract/swarm";
import type { ObjectReader } from "../../docker-engine/read-objects";
import { findService, readService, type Service } from "../../docker-engine/services";

/** What Docker's API reports about a pool's service. */
export interface ServiceFacts extends Pick<
  Service,
  | "id"
  | "replicas"
  | "image"
  | "graceSeconds"
  | "networks"
  | "secrets"
  | "configs"
  | "hosts"
  | "capAdd"
  | "capDrop"
  | "readOnlyRoot"
  | "placement"
  | "maxPerNode"
  | "reservations"
  | "update"
  | "nodes"
  | "index"
> {
  /**
   * The stack that created it; undefined if an older version of this program or someone else did.
   */
  readonly owner: string | undefined;
  readonly generation: string | undefined;
  /** Names of its environment variables. */
  readonly variables: readonly string[];
}

/** Finds the service of a pool by its name. */
export async function findPoolService(
  engine: ObjectReader,
  name: string,
): Promise<ServiceFacts | undefined> {
  const service = await findService(engine, name);
  return service === undefined ? undefined : toFacts(service);
}

/** Reads the service of a pool. @throws {EngineError} if it does not exist */
export async function readPoolService(engine: ObjectReader, id: string): Promise<ServiceFacts> {
  return toFacts(await readService(engine, id));
}

function toFacts(service: Service): ServiceFacts {
  return {
    ...service,
    owner: service.labels[OWNER_LABEL],
    generation: parseGeneration(service.env),
    variables: Object.keys(service.env),
  };
}

/**
 * Reads the generation from the environment of a replica.
 * @returns undefined if there is none, or if this program did not write the settings
 */
export function parseGeneration(env: Service["env"]): string | undefined {
  try {
    return parseSettingsVariable(env)[TASK_ENV.generation];
  } catch {
    return undefined;
  }
}
