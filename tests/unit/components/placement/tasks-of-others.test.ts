import { describe, expect, it } from "@jest/globals";
import { listTasksOnNodes } from "../../../../components/placement/held-tasks";
import { PlannedPools } from "../../../../components/placement/planned-pools";
import { toPlacementRequest } from "../../../../components/placement/to-request";
import { readServices, type Service } from "../../../../docker-engine/services";
import { readTasks } from "../../../../docker-engine/tasks";
import { gib, taskOn } from "../../../support/placement";

const GIB = 1024 ** 3;

const reader = (answer: unknown) => ({ get: () => Promise.resolve(answer) });

const TEMPLATE = {
  Placement: {
    // Docker returns them in any order.
    Constraints: [
      "node.platform.arch==x86_64",
      "node.labels.disk==ssd",
      "node.platform.os==linux",
      "node.role==worker",
    ],
    MaxReplicas: 2,
    // Those of the image, which Docker adds to each service.
    Platforms: [{ OS: "linux", Architecture: "amd64" }, { OS: "linux" }],
  },
  Resources: { Reservations: { MemoryBytes: 2 * GIB } },
};

describe("the tasks that hold a place on a node", () => {
  const task = (state: string, desired: string, node: string) => ({
    ID: `${state}-${desired}`,
    ServiceID: "web",
    NodeID: node,
    CreatedAt: "2026-01-01T00:00:00Z",
    DesiredState: desired,
    Spec: TEMPLATE,
    Status: { State: state },
  });

  it("are those that have a node and have not ended, and those that drain are stopping", async () => {
    const tasks = [
      task("running", "running", "id-of-n1"),
      task("preparing", "ready", "id-of-n1"),
      task("running", "shutdown", "id-of-n2"),
      task("running", "remove", "id-of-n2"),
      task("shutdown", "shutdown", "id-of-n1"),
      task("failed", "running", "id-of-n1"),
      task("pending", "running", ""),
    ];
    const held = { serviceId: "web", reservations: gib(2) };
    expect(listTasksOnNodes(await readTasks(reader(tasks)))).toEqual([
      taskOn("n1", held),
      taskOn("n1", held),
      taskOn("n2", { ...held, isStopping: true }),
      taskOn("n2", { ...held, isStopping: true }),
    ]);
  });
});

async function readOnlyService(Spec: object): Promise<Service> {
  const [service] = await readServices(reader([{ ID: "s1", Spec }]));
  if (service === undefined) throw new Error("the engine returned no service");
  return service;
}

describe("whether the program frees what a service of its stack reserves", () => {
  const values = {
    replicas: 3,
    constraints: ["node.role==worker", "node.labels.disk==ssd"],
    platforms: ["linux/amd64"],
    maxPerNode: 2,
    reservations: { memory: 2 * GIB },
    order: "start-first",
  } as const;

  async function frees(planned: Partial<typeof values> | object | undefined): Promise<boolean> {
    const Spec = {
      Name: "ci",
      Mode: { Replicated: { Replicas: 3 } },
      TaskTemplate: TEMPLATE,
    };
    const service = await readOnlyService(Spec);
    const pools = new PlannedPools();
    const request =
      planned === undefined ? undefined : toPlacementRequest({ ...values, ...planned });
    pools.add("ci", Promise.resolve(request));
    return pools.frees(service);
  }

  it.each([
    ["the same request", {}, false],
    ["more replicas", { replicas: 4 }, false],
    ["fewer replicas", { replicas: 2 }, true],
    ["other reservations", { reservations: { memory: GIB } }, true],
    ["other constraints", { constraints: [] }, true],
    ["one more constraint", { constraints: [...values.constraints, "node.id!=a"] }, true],
    ["other platforms", { platforms: ["linux/arm64"] }, true],
    ["the mode global", { replicas: undefined }, true],
    ["another limit per node", { maxPerNode: 1 }, true],
    ["a number of replicas that is not known yet", undefined, true],
  ])("with %s", async (_what, planned, expected) => {
    expect(await frees(planned)).toBe(expected);
  });

  it("with a service that is none of its pools", async () => {
    const service = await readOnlyService({ Name: "old", TaskTemplate: {} });
    expect(await new PlannedPools().frees(service)).toBe(true);
  });
});
