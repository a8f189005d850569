import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Name of the pool's service. */
export const SERVICE = "gitlab-runner-pool-dev";

/** ID of the pool's service. */
export const SERVICE_ID = "s1xxxxxxxxxxxxxxxxxxxxxxx";

/** What the engine has in addition to the pool. */
export interface FakeEngineOptions {
  /**
   * Lines of the replicas' log. `t1` is the task of slot 1.
   * @default none
   */
  readonly log?: (query: URLSearchParams) => readonly (readonly [task: string, text: string])[];
  /** Additional variables of the replicas. */
  readonly env?: readonly string[];
  /** Other services by name, with their variables. */
  readonly others?: Readonly<Record<string, readonly string[]>>;
  /**
   * Networks, in the form of the engine's API.
   * @default none
   */
  readonly networks?: readonly object[];
  /**
   * States of the swarm's nodes.
   * @default none
   */
  readonly nodes?: readonly string[];
  /**
   * Image of the pool.
   * @default "image:1"
   */
  readonly image?: string;
}

/** A running fake engine. */
export interface FakeEngine extends AsyncDisposable {
  /** Address as a value for DOCKER_HOST. */
  readonly host: string;
  /** Paths requested so far. */
  readonly asked: readonly string[];
}

/**
 * Starts an engine whose swarm has one pool.
 * @param slots the slots whose replicas run, for each request of the tasks
 */
export async function startFakeEngine(
  gitlabUrl: string,
  slots: (request: number) => readonly number[] | Promise<readonly number[]>,
  {
    log = () => [],
    env: more = [],
    others = {},
    networks = [],
    nodes = [],
    image = "image:1",
  }: FakeEngineOptions = {},
): Promise<FakeEngine> {
  const env = [
    ...[`RUNNER_CI_URL=${gitlabUrl}`, `RUNNER_POOL=${SERVICE}`],
    ...["RUNNER_SLOT={{.Task.Slot}}", "RUNNER_GENERATION=g", ...more],
  ];
  const spec = { ContainerSpec: { Image: image, Env: env } };
  const service = { Name: SERVICE, Mode: { Replicated: { Replicas: 1 } }, TaskTemplate: spec };
  const further = Object.entries(others).map(([Name, Env], i) => ({
    ID: `other${i}`,
    Spec: { Name, Mode: {}, TaskTemplate: { ContainerSpec: { Image: "image:1", Env } } },
  }));
  const task = (slot: number) => ({
    ...{ ID: `t${slot}`, ServiceID: SERVICE_ID, Slot: slot, CreatedAt: "2026-11-24T09:00:00Z" },
    ...{ DesiredState: "running", Spec: spec, Status: { State: "running" } },
  });
  let request = 0;
  const answer = async (path: string): Promise<readonly object[]> => {
    if (path === "/services") return [{ ID: SERVICE_ID, Spec: service }, ...further];
    if (path === "/networks") return networks;
    if (path === "/nodes") return nodes.map((State, i) => ({ ID: `node${i}`, Status: { State } }));
    return path === "/tasks" ? (await slots((request += 1))).map(task) : [];
  };
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://engine");
    asked.push(pathname);
    if (pathname.endsWith("/logs")) {
      sendLog(response, log(searchParams));
      return;
    }
    void answer(pathname).then((objects) => response.end(JSON.stringify(objects)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function sendLog(response: ServerResponse, lines: readonly (readonly [string, string])[]): void {
  for (const [i, [taskId, text]] of lines.entries()) response.write(logFrame(taskId, text, i));
  response.end();
}

/** Creates one line of a service's log as Docker sends it with details and timestamps. */
export function logFrame(taskId: string, text: string, second = 0): Buffer {
  const at = new Date(Date.UTC(2026, 10, 24, 9, 0, second)).toISOString();
  const line = Buffer.from(`${at} com.docker.swarm.task.id=${taskId} ${text}\n`);
  const header = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(line.length, 4);
  return Buffer.concat([header, line]);
}
