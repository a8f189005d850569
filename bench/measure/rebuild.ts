import type { PoolStack } from "../../dev/pulumi/pool-stack";
import type { Bench } from "../bench";
import { EngineProxy, type EngineCall } from "../engine-proxy";

/**
 * Counts the calls with which `pulumi up` of an unchanged stack writes to Docker's API.
 */
export async function measureRebuild(bench: Bench, pool: PoolStack): Promise<void> {
  const calls = await recordUnchangedUp(bench.platform.dockerHost, pool);
  bench.recorder.add("engineCalls.pool", calls.filter(({ method }) => isWrite(method)).length);
}

/** Records all calls of Docker's API during an `up` with no changes. */
export async function recordUnchangedUp(
  dockerHost: string,
  pool: PoolStack,
): Promise<readonly EngineCall[]> {
  await using proxy = await EngineProxy.start(dockerHost);
  const { env } = pool;
  pool.env = { ...env, DOCKER_HOST: proxy.dockerHost };
  let calls: readonly EngineCall[];
  try {
    await pool.mustUp();
    calls = [...proxy.calls];
  } finally {
    // The state contains the provider's address, which must not be that of the ending proxy.
    pool.env = env;
    await pool.mustUp();
  }
  if (calls.length === 0) throw new Error("the program did not use DOCKER_HOST");
  return calls;
}

/** In Docker's API, every call that changes something is a POST, PUT or DELETE. */
export function isWrite(method: string): boolean {
  return method !== "GET" && method !== "HEAD";
}
