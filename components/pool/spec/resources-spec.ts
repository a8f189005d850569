import type { PoolSettings } from "../../settings/pool-settings";
import type { NodeParts } from "./keep-unset";

/** The unit of CPUs in Docker's API. */
const NANO = 1e9;

/** Builds the part of the service that limits its replicas and reserves resources for them. */
export function buildResourcesSpec({ resources = {} }: PoolSettings): Pick<NodeParts, "resources"> {
  const { limits = {}, reservations = {} } = resources;
  const limitSpec = buildAmounts(limits);
  const generic = Object.entries(reservations.generic ?? {}).map(
    ([name, count]) => `${name}=${count}`,
  );
  const reservationSpec = {
    ...buildAmounts(reservations),
    ...(generic.length === 0 ? {} : { genericResources: { discreteResourcesSpecs: generic } }),
  };
  const spec = {
    ...(isEmpty(limitSpec) ? {} : { limits: limitSpec }),
    ...(isEmpty(reservationSpec) ? {} : { reservation: reservationSpec }),
  };
  return isEmpty(spec) ? {} : { resources: spec };
}

interface Amounts {
  readonly memory?: number | undefined;
  readonly cpus?: number | undefined;
}

function buildAmounts({ memory, cpus }: Amounts) {
  return {
    ...(memory === undefined ? {} : { memoryBytes: memory }),
    ...(cpus === undefined ? {} : { nanoCpus: Math.round(cpus * NANO) }),
  };
}

function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0;
}
