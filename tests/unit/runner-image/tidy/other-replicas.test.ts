import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import {
  ALIVE,
  ALL,
  createPoolLeftovers,
  replica,
  type PoolLeftovers,
} from "../../../support/pool-leftovers";

/** Another name whose hash begins with the same characters as that of `ci`. */
const COLLISION = "ci-11777097";

let node: PoolLeftovers;
beforeEach(async () => {
  node = await createPoolLeftovers();
});
afterEach(async () => {
  await node[Symbol.asyncDispose]();
});

describe("tidy keeps what has only the pool's mark", () => {
  const KEPT = ALL.filter((name) => name !== "dead");

  it.each([
    ["if the engine belongs to another node", { Swarm: { NodeID: "node2" } }],
    ["if the engine belongs to no swarm", { Swarm: { NodeID: "" } }],
    ["if the engine does not say where it belongs", []],
  ])("%s", async (_, body) => {
    node.fake.answers.set("GET /info", { status: 200, body });
    await node.run();
    expect(node.remaining()).toEqual(KEPT);
  });

  it.each([
    ["a replica of the pool runs without a place", replica("replica 3")],
    ["a replica of the pool is paused without a place", { ...replica("r"), state: "paused" }],
    [
      "a service whose name has the same hash has a replica on the engine",
      replica("other", COLLISION, "service9"),
    ],
    [
      "a replica outside Swarm runs on the engine",
      {
        id: "alone",
        labels: {},
        command: "/usr/bin/dumb-init -- sh /usr/local/lib/gitlab-runner-pool/entrypoint.sh",
      },
    ],
  ])("if %s", async (_, container) => {
    node.fake.objects.containers = [...node.fake.objects.containers, container];
    await node.run();
    expect(node.remaining()).toEqual(KEPT);
  });

  it("if its job still runs", async () => {
    node.fake.objects.containers = node.fake.objects.containers.map((one) =>
      one.id === "c earlier" ? { ...one, state: "running" } : one,
    );
    await node.run();
    expect(node.remaining()).toEqual(KEPT);
  });
});

it("counts neither ended replicas nor those of other pools", async () => {
  node.fake.objects.containers = [
    ...node.fake.objects.containers,
    { ...replica("ended"), state: "exited" },
    replica("other", "other", "service2"),
    { id: "database", labels: {} },
  ];
  await node.run();
  expect(node.remaining()).toEqual(ALIVE);
});
