import type { RunnerPool } from "../components/pool/runner-pool";

/** Builds the outputs of the stack: those of the default pool, and of additional pools by name. */
export function buildStackOutputs(
  pool: RunnerPool,
  additionalPools: readonly RunnerPool[],
): Record<string, unknown> {
  const pools = Object.fromEntries(additionalPools.map((one) => [one.name, buildPoolOutputs(one)]));
  return { ...buildPoolOutputs(pool), ...(additionalPools.length > 0 ? { pools } : {}) };
}

/** Builds the outputs of a pool. Omits undefined ones, because Pulumi would warn about them. */
function buildPoolOutputs(pool: RunnerPool): Record<string, unknown> {
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
