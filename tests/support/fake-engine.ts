import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Name of the service of the pool. */
export const SERVICE = "gitlab-runner-pool-dev";

/**
 * An engine whose swarm has one pool.
 * @param slots whose replicas run, at each look at the tasks
 */
export async function startFakeEngine(
  gitlabUrl: string,
  slots: (look: number) => readonly number[] | Promise<readonly number[]>,
): Promise<AsyncDisposable & { readonly host: string }> {
  const env = [
    ...[`RUNNER_CI_URL=${gitlabUrl}`, `RUNNER_POOL=${SERVICE}`],
    ...["RUNNER_SLOT={{.Task.Slot}}", "RUNNER_GENERATION=g"],
  ];
  const spec = { ContainerSpec: { Image: "image:1", Env: env } };
  const service = { Name: SERVICE, Mode: { Replicated: { Replicas: 1 } }, TaskTemplate: spec };
  const task = (slot: number) => ({
    ...{ ID: `t${slot}`, ServiceID: "s1", Slot: slot, CreatedAt: "2026-11-24T09:00:00Z" },
    ...{ DesiredState: "running", Spec: spec, Status: { State: "running" } },
  });
  let look = 0;
  const answer = async (path: string): Promise<readonly object[]> => {
    if (path === "/services") return [{ ID: "s1", Spec: service }];
    return path === "/tasks" ? (await slots((look += 1))).map(task) : [];
  };
  const server = createServer((request, response) => {
    void answer(new URL(request.url ?? "", "http://engine").pathname).then((objects) =>
      response.end(JSON.stringify(objects)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
