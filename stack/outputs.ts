import type { RunnerPool } from "../components/pool/runner-pool";

/** What a person asks next: of the pool of the top level, and of further ones by their names. */
export function stackOutputs(
  pool: RunnerPool,
  furtherPools: readonly RunnerPool[],
): Record<string, unknown> {
  const pools = Object.fromEntries(furtherPools.map((one) => [one.name, poolOutputs(one)]));
  return { ...poolOutputs(pool), ...(furtherPools.length > 0 ? { pools } : {}) };
}

/** Pulumi warns about outputs that are undefined, so they are left out. */
function poolOutputs(pool: RunnerPool): Record<string, unknown> {
  const { service, image, replicas, network, gitlabUrl, runnerId } = pool;
  return {
    service,
    image,
    replicas,
    network,
    gitlabUrl,
    ...(runnerId === undefined ? {} : { runnerId }),
  };
}
