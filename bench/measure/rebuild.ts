import type { PoolStack } from "../../tests/support/pool-stack";
import type { Bench } from "../bench";
import { EngineProxy, type EngineCall } from "../engine-proxy";

/** `pulumi up` of an unchanged stack through a proxy: calls of the engine that do more than look. */
export async function measureRebuild(bench: Bench, pool: PoolStack): Promise<void> {
  const calls = await callsOfUnchangedUp(bench.platform.dockerHost, pool);
  bench.recorder.add("engineCalls.pool", calls.filter(({ method }) => isChange(method)).length);
}

/** All calls of the engine that an `up` with nothing to change makes. */
export async function callsOfUnchangedUp(
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
    // The provider's address is part of the state, and the proxy is about to end.
    pool.env = env;
    await pool.mustUp();
  }
  if (calls.length === 0) throw new Error("the program did not use DOCKER_HOST");
  return calls;
}

/** Everything in the engine's API that does more than inspect is a POST, PUT or DELETE. */
export function isChange(method: string): boolean {
  return method !== "GET" && method !== "HEAD";
}
