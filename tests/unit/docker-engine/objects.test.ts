import { describe, expect, it } from "@jest/globals";
import { findNetwork, readNetworks } from "../../../docker-engine/networks";
import { readNodes } from "../../../docker-engine/nodes";
import { findService, readServices } from "../../../docker-engine/services";
import { readTasks } from "../../../docker-engine/tasks";

const engine = (answer: unknown) => ({ get: () => Promise.resolve(answer) });

const SERVICE = {
  ID: "s1",
  Version: { Index: 7 },
  Spec: {
    Name: "ci",
    Labels: { team: "ci" },
    Mode: { Replicated: { Replicas: 3 } },
    TaskTemplate: {
      Resources: {
        Reservations: {
          MemoryBytes: 1024,
          NanoCPUs: 500_000_000,
          GenericResources: [{ DiscreteResourceSpec: { Kind: "gpu", Value: 2 } }],
        },
      },
      Placement: {
        Constraints: ["node.role==worker"],
        Platforms: [{ Architecture: "amd64", OS: "linux" }],
        MaxReplicas: 2,
      },
      Networks: [{ Target: "n1" }],
      ContainerSpec: {
        Image: "runner:1@sha256:abc",
        Env: ["A=1=2", "EMPTY=", "BARE"],
        StopGracePeriod: 90_000_000_000,
        Secrets: [{ SecretID: "x1" }],
        Configs: [{ ConfigID: "c1" }],
        Hosts: ["10.0.0.7 gitlab.example.com"],
        CapabilityAdd: ["CAP_KILL"],
        CapabilityDrop: ["ALL"],
        ReadOnly: true,
      },
    },
  },
  UpdateStatus: { State: "updating", Message: "update in progress" },
};

describe("a service", () => {
  it("has the properties of its specification", async () => {
    expect(await readServices(engine([SERVICE]))).toEqual([
      {
        id: "s1",
        name: "ci",
        labels: { team: "ci" },
        replicas: 3,
        placement: {
          constraints: ["node.role==worker"],
          platforms: [{ os: "linux", architecture: "amd64" }],
        },
        maxPerNode: 2,
        nodes: {
          isPlaced: true,
          hasResources: true,
        },
        image: "runner:1@sha256:abc",
        env: { A: "1=2", EMPTY: "", BARE: "" },
        hostname: undefined,
        graceSeconds: 90,
        networks: ["n1"],
        secrets: ["x1"],
        configs: ["c1"],
        hosts: ["10.0.0.7 gitlab.example.com"],
        capAdd: ["CAP_KILL"],
        capDrop: ["ALL"],
        readOnlyRoot: true,
        reservations: { nanoCpus: 500_000_000, memoryBytes: 1024, generic: { gpu: 2 } },
        update: { state: "updating", message: "update in progress" },
        index: 7,
      },
    ]);
  });

  it("may be global, without labels, and without a container", async () => {
    const Spec = { Name: "ci", Labels: null, Mode: { Global: {} }, TaskTemplate: {} };
    expect(await readServices(engine([{ ID: "s1", Spec }]))).toMatchObject([
      { labels: {}, replicas: undefined, image: "", env: {}, update: undefined },
    ]);
  });

  it.each([{}, { CapabilityAdd: null, CapabilityDrop: null }])(
    "has a writable root and no capabilities with %j",
    async (ContainerSpec) => {
      const Spec = { Name: "ci", TaskTemplate: { ContainerSpec } };
      expect(await readServices(engine([{ ID: "s1", Spec }]))).toMatchObject([
        { capAdd: [], capDrop: [], readOnlyRoot: false, placement: { constraints: [] } },
      ]);
    },
  );

  it("has constraints apart from the platforms of its image", async () => {
    const Platforms = [{ OS: "linux", Architecture: "amd64" }];
    const Spec = { Name: "ci", TaskTemplate: { Placement: { Platforms, Constraints: null } } };
    expect(await readServices(engine([{ ID: "s1", Spec }]))).toMatchObject([
      { placement: { constraints: [], platforms: [{ os: "linux", architecture: "amd64" }] } },
    ]);
  });

  it("says whether it is placed", async () => {
    const nodesOf = async (Placement: object) => {
      const Spec = { Name: "ci", TaskTemplate: { Placement } };
      return (await readServices(engine([{ ID: "s1", Spec }]))).map(({ nodes }) => nodes);
    };
    const found = { isPlaced: true, hasResources: false };
    expect(await nodesOf({ MaxReplicas: 2 })).toEqual([found]);
    expect(await nodesOf({ Preferences: [{ Spread: {} }] })).toEqual([found]);
    expect(await nodesOf({ Platforms: [{ OS: "linux", Architecture: "amd64" }] })).toEqual([
      { ...found, isPlaced: false },
    ]);
  });

  it("is found by its full name only", async () => {
    const longer = { ...SERVICE, ID: "s2", Spec: { ...SERVICE.Spec, Name: "ci-2" } };
    expect((await findService(engine([longer, SERVICE]), "ci"))?.id).toBe("s1");
    expect(await findService(engine([longer]), "ci")).toBeUndefined();
  });

  it("causes an error with the request if the answer does not match", async () => {
    await expect(readServices(engine([{ ID: 5 }]))).rejects.toThrow(
      "unexpected answer from the Docker engine to GET /services",
    );
  });
});

describe("a task", () => {
  const TASK = {
    ID: "t1",
    CreatedAt: "2026-01-01T00:00:10Z",
    DesiredState: "running",
    Spec: {},
    Status: { State: "new" },
  };

  it("has no slot, node or container at first", async () => {
    expect(await readTasks(engine([TASK]))).toMatchObject([
      { slot: 0, nodeId: "", containerId: "", error: "", exitCode: undefined },
    ]);
  });

  it("uses its creation time if the engine does not report when its state changed", async () => {
    const dated = { ...TASK, Status: { State: "new", Timestamp: "2026-01-01T00:00:11Z" } };
    const tasks = await readTasks(engine([TASK, dated]));
    expect(tasks.map(({ changed }) => changed)).toEqual([
      "2026-01-01T00:00:10Z",
      "2026-01-01T00:00:11Z",
    ]);
  });
});

describe("a network", () => {
  const NETWORK = { Id: "n1", Name: "host", Driver: "host", Scope: "local", Labels: null };

  it("may have no subnet", async () => {
    const networks = await readNetworks(engine([{ ...NETWORK, IPAM: { Config: null } }]));
    expect(networks).toMatchObject([{ attachable: false, labels: {}, subnets: [] }]);
  });

  it("is found by its full name only", async () => {
    const longer = { ...NETWORK, Id: "n2", Name: "hosts" };
    expect((await findNetwork(engine([longer, NETWORK]), "host"))?.id).toBe("n1");
  });
});

describe("a node", () => {
  it("is named by its ID until it reports its host name", async () => {
    const nodes = [{ ID: "a" }, { ID: "b", Description: { Hostname: "manager" } }];
    expect(await readNodes(engine(nodes))).toMatchObject([
      { id: "a", name: "a" },
      { id: "b", name: "manager" },
    ]);
  });

  it("has what it reported, and is a worker with an unknown state until it reports", async () => {
    const reported = {
      ID: "a",
      Spec: { Role: "manager", Availability: "drain", Labels: { disk: "ssd" } },
      Status: { State: "ready", Addr: "10.0.0.2" },
      Description: {
        Hostname: "n1",
        Platform: { Architecture: "aarch64", OS: "linux" },
        Resources: {
          NanoCPUs: 2_000_000_000,
          MemoryBytes: 1024,
          GenericResources: [
            { NamedResourceSpec: { Kind: "gpu", Value: "GPU-1" } },
            { NamedResourceSpec: { Kind: "gpu", Value: "GPU-2" } },
            { DiscreteResourceSpec: { Kind: "license", Value: 3 } },
          ],
        },
        Engine: { Labels: { rack: "1" } },
      },
    };
    expect(await readNodes(engine([reported, { ID: "new" }]))).toEqual([
      {
        id: "a",
        name: "n1",
        role: "manager",
        state: "ready",
        availability: "drain",
        address: "10.0.0.2",
        labels: { disk: "ssd" },
        engineLabels: { rack: "1" },
        os: "linux",
        architecture: "aarch64",
        resources: {
          nanoCpus: 2_000_000_000,
          memoryBytes: 1024,
          generic: { gpu: 2, license: 3 },
        },
      },
      {
        id: "new",
        name: "new",
        role: "worker",
        state: "unknown",
        availability: "active",
        address: "",
        labels: {},
        engineLabels: {},
        os: undefined,
        architecture: undefined,
        resources: undefined,
      },
    ]);
  });
});
