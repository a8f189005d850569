import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { readFacts } from "../../dev/facts";
import { eventually } from "../support/eventually";
import { createPool, managersSettle, type PoolFixture } from "../support/pool-fixture";
import { listTasks, readImage } from "../support/swarm";
import { startSwarmOfThree, type SwarmOfThree } from "../support/swarm-of-three";
import { SECOND_SITE } from "../support/three-nodes";

const SETUP_MS = 180_000;
const TEST_MS = 600_000;

let three: SwarmOfThree;
beforeAll(async () => {
  three = await startSwarmOfThree(await readFacts(), SECOND_SITE);
}, SETUP_MS);
afterAll(async () => {
  await three[Symbol.asyncDispose]();
}, SETUP_MS);

describe("the placement of replicas on a manager and two workers", () => {
  it(
    "is compared with the nodes before anything changes, and each way out that a message names works",
    async () => {
      await using pool = await createPool({
        platform: three.platform,
        settings: {
          executor: "shell",
          docker: undefined,
          replicas: 2,
          placement: { constraints: ["node.role==worker"], maxPerNode: 1 },
        },
      });
      const { stack, gitlab } = pool;
      await stack.mustUp();
      expect(await replicasPerNode(pool)).toEqual([0, 1, 1]);

      // More replicas than places.
      await stack.configure({ replicas: 4 });
      await expectRejected(
        pool,
        "`placement.maxPerNode` (1) on the 2 nodes that match `placement.constraints` allows 2 replicas, but `replicas` is 4",
      );
      await stack.configure({ replicas: 2, concurrent: 2 });

      // A rolling update that can never start a new replica.
      await expectRejected(
        pool,
        "`placement.maxPerNode` is 1, and the 2 nodes that match `placement.constraints` run old replicas",
      );
      await stack.configure({ "update.order": "stop-first" });
      await stack.mustUp();
      await managersSettle(pool, 2);
      expect(await replicasPerNode(pool)).toEqual([0, 1, 1]);

      // Another way out: fewer replicas first.
      await stack.configure({ "update.order": "start-first", replicas: 1 });
      await stack.mustUp();
      await stack.configure({ concurrent: 3 });
      await stack.mustUp();
      await stack.configure({ replicas: 2 });
      await stack.mustUp();
      expect(await replicasPerNode(pool)).toEqual([0, 1, 1]);

      // Reservations, next to those of another service on one of the workers.
      const [, worker] = await readNodes();
      const half = Math.floor((worker?.memory ?? 0) * 0.4);
      await using holder = await reserve(await readImage(pool.docker, stack.serviceName), {
        nodeId: worker?.id ?? "",
        bytes: Math.floor((worker?.memory ?? 0) * 0.5),
      });
      await stack.configure({
        "placement.maxPerNode": 3,
        "resources.reservations.memory": `${half}b`,
        "update.order": "stop-first",
        replicas: 4,
      });
      const refused = await expectRejected(pool, "have room for 3 replicas with");
      expect(refused).toContain(
        "`replicas` is 4: lower `replicas` or `resources.reservations.memory`",
      );
      expect(refused).toContain(`there, service ${holder.name} reserves`);
      await stack.configure({ replicas: 3 });
      await stack.mustUp();
      expect([...(await replicasPerNode(pool))].sort()).toEqual([0, 1, 2]);
      expect(await gitlab.managers({ runnerId: pool.runnerId })).toHaveLength(3);

      // With the docker executor, replicas have the socket of their node.
      const warning = /may run on a manager \(\S+\), where this socket controls the whole swarm/;
      await stack.configure({ executor: "docker" });
      expect(unwrap((await stack.pulumi(["preview"])).output)).not.toMatch(warning);
      await stack.pulumi(["config", "rm", "--path", "placement.constraints"]);
      expect(unwrap((await stack.pulumi(["preview"])).output)).toMatch(warning);
    },
    TEST_MS,
  );
});

/** Fails a preview and an update with the same message. Nothing may change. */
async function expectRejected({ stack, docker }: PoolFixture, message: string): Promise<string> {
  const before = await readSpec(docker, stack.serviceName);
  const preview = await stack.pulumi(["preview"]);
  expect(preview.exitCode).not.toBe(0);
  expect(unwrap(preview.output)).toContain(message);
  const failed = await stack.up("--skip-preview");
  expect(failed.exitCode).not.toBe(0);
  expect(unwrap(failed.output)).toContain(message);
  expect(await readSpec(docker, stack.serviceName)).toEqual(before);
  return unwrap(failed.output);
}

/** Reads what was requested of a service. Swarm itself may still complete the update before. */
async function readSpec(docker: PoolFixture["docker"], name: string): Promise<unknown> {
  return ((await docker.getService(name).inspect()) as { readonly Spec: unknown }).Spec;
}

/** Joins the lines that Pulumi has wrapped. */
function unwrap(output: string): string {
  return output.replace(/\s+/g, " ");
}

interface NodeFacts {
  readonly id: string;
  readonly memory: number;
}

/** The nodes in the order of the swarm's support code: the manager first. */
async function readNodes(): Promise<readonly NodeFacts[]> {
  return Promise.all(
    three.swarm.nodes.map(async ({ docker }) => {
      const info = (await docker.info()) as {
        readonly Swarm: { readonly NodeID: string };
        readonly MemTotal: number;
      };
      return { id: info.Swarm.NodeID, memory: info.MemTotal };
    }),
  );
}

/** Counts the replicas of each node that should run. */
async function replicasPerNode({ stack, docker }: PoolFixture): Promise<readonly number[]> {
  const tasks = (await docker.listTasks({
    filters: { service: [stack.serviceName], "desired-state": ["running"] },
  })) as unknown as readonly { readonly NodeID?: string }[];
  const nodes = await readNodes();
  return nodes.map(({ id }) => tasks.filter(({ NodeID }) => NodeID === id).length);
}

/** Reserves memory on a node with a service of someone else. */
async function reserve(
  image: string,
  { nodeId, bytes }: { readonly nodeId: string; readonly bytes: number },
): Promise<AsyncDisposable & { readonly name: string }> {
  const name = "holder";
  const { docker } = three.swarm.manager;
  const service = await docker.createService({
    Name: name,
    TaskTemplate: {
      ContainerSpec: { Image: image, Command: ["sleep", "3600"] },
      Placement: { Constraints: [`node.id==${nodeId}`] },
      Resources: { Reservations: { MemoryBytes: bytes } },
    },
  });
  await eventually(
    async () => (await listTasks(docker, name)).some(({ state }) => state === "running"),
    { what: "a task of another service that reserves memory", timeoutMs: 60_000 },
  );
  return { name, [Symbol.asyncDispose]: () => service.remove() as Promise<void> };
}
