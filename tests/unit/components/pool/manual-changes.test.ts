import { describe, expect, it } from "@jest/globals";
import { NO_RESOURCES } from "../../../../docker-engine/resources";
import { findManualChanges } from "../../../../components/pool/manual-changes";
import { isForeign } from "../../../../components/pool/owner";
import { mayWriteSoon } from "../../../../components/pool/settle";
import type { ServiceFacts } from "../../../../components/wait/service-facts";
import type { Task } from "../../../../components/wait/snapshot";

const DESIRED = {
  ...{ replicas: 2, image: "a:1@sha256:b", graceSeconds: 3660 },
  ...{ networkIds: ["n1"], secretIds: ["s1"], configIds: ["c1"] },
  ...{ capAdd: ["KILL", "SETUID"], capDrop: ["ALL"], readOnlyRoot: true },
  constraints: ["node.role==worker", "node.labels.disk!=slow"],
};

const FOUND: ServiceFacts = {
  ...{ id: "i", owner: "me", generation: "g", replicas: 2, image: "a:1@sha256:b" },
  ...{ graceSeconds: 3660, networks: ["n1"], secrets: ["s1"], variables: ["RUNNER_SETTINGS"] },
  ...{ reservations: NO_RESOURCES, hosts: [] },
  ...{ capAdd: ["KILL", "SETUID"], capDrop: ["ALL"], readOnlyRoot: true },
  placement: { constraints: ["node.role==worker", "node.labels.disk!=slow"], platforms: [] },
  maxPerNode: undefined,
  ...{ configs: ["c1"], update: undefined, index: 1 },
  nodes: { isPlaced: false, hasResources: false },
};

describe("findManualChanges", () => {
  it("finds nothing if the service matches the stack", () => {
    expect(findManualChanges(DESIRED, FOUND)).toEqual({ wrong: [], surplus: [] });
  });

  it("accepts several networks in any order", () => {
    const desired = { ...DESIRED, networkIds: ["n1", "n2"] };
    expect(findManualChanges(desired, { ...FOUND, networks: ["n2", "n1"] }).wrong).toEqual([]);
    expect(findManualChanges(desired, FOUND).wrong).toEqual([
      "networks: the service has n1, the stack specifies n1, n2",
    ]);
  });

  const constraints = ["node.role==worker", "node.labels.disk!=slow"];

  it.each<[string, Partial<ServiceFacts>]>([
    ["capabilities with CAP_", { capAdd: ["CAP_SETUID", "CAP_KILL"], capDrop: ["CAP_ALL"] }],
    ["capabilities in another order and case", { capAdd: ["setuid", "kill"], capDrop: ["all"] }],
    ["a capability twice", { capAdd: ["KILL", "CAP_KILL", "SETUID"] }],
    ["capabilities beside ALL", { capDrop: ["ALL", "NET_RAW"] }],
    [
      "constraints in another order, with spaces, and twice",
      {
        placement: {
          constraints: ["node.labels.disk != slow", " node.role== worker ", "node.role==worker"],
          platforms: [],
        },
      },
    ],
    [
      "the platforms of the image",
      { placement: { constraints, platforms: [{ os: "linux", architecture: "amd64" }] } },
    ],
  ])("accepts %s", (_what, found) => {
    expect(findManualChanges(DESIRED, { ...FOUND, ...found }).wrong).toEqual([]);
  });

  it.each<[string, Partial<typeof DESIRED>, Partial<ServiceFacts>]>([
    ["no capabilities", { capAdd: [] }, { capAdd: [] }],
    ["a writable root", { readOnlyRoot: false }, { readOnlyRoot: false }],
    [
      "no constraints, but platforms",
      { constraints: [] },
      { placement: { constraints: [], platforms: [{ os: "linux", architecture: "amd64" }] } },
    ],
  ])("accepts %s if the stack specifies that", (_what, desired, found) => {
    const changes = findManualChanges({ ...DESIRED, ...desired }, { ...FOUND, ...found });
    expect(changes.wrong).toEqual([]);
  });

  it.each<[string, Partial<ServiceFacts>, string]>([
    [
      "a missing constraint",
      { placement: { constraints: ["node.labels.disk!=slow"], platforms: [] } },
      "placement constraints: the service has node.labels.disk!=slow, the stack specifies node.labels.disk!=slow, node.role==worker",
    ],
    [
      "an added capability",
      { capAdd: ["CAP_KILL", "CAP_NET_ADMIN", "CAP_SETUID"] },
      "added capabilities: the service has KILL, NET_ADMIN, SETUID, the stack specifies KILL, SETUID",
    ],
    [
      "capabilities that are not dropped",
      { capDrop: [] },
      "dropped capabilities: the service has none, the stack specifies ALL",
    ],
    [
      "a writable root",
      { readOnlyRoot: false },
      "root file system: the service has a writable one, the stack specifies a read-only one",
    ],
    ["fewer replicas", { replicas: 1 }, "the service has 1 replica, the stack specifies 2"],
    ["no replicas", { replicas: 0 }, "the service has 0 replicas, the stack specifies 2"],
    [
      "another image",
      { image: "c:2" },
      "image: the service has c:2, the stack specifies a:1@sha256:b",
    ],
    [
      "another stop grace period",
      { graceSeconds: 10 },
      "stop grace period: the service has 10s, the stack specifies 1h1m",
    ],
    [
      "an additional network",
      { networks: ["n1", "n2"] },
      "networks: the service has n1, n2, the stack specifies n1",
    ],
    ["a missing config", { configs: [] }, "configs: the service has none, the stack specifies c1"],
    ["a missing secret", { secrets: [] }, "secrets: the service has none, the stack specifies s1"],
    [
      "an additional variable",
      { variables: ["RUNNER_SETTINGS", "RUNNER_NAME"] },
      "environment variables: the service has RUNNER_SETTINGS, RUNNER_NAME, the stack specifies RUNNER_SETTINGS",
    ],
  ])("reports %s", (_what, found, message) => {
    expect(findManualChanges(DESIRED, { ...FOUND, ...found })).toEqual({
      wrong: [message],
      surplus: [],
    });
  });

  it("reports additional replicas as a surplus", () => {
    expect(findManualChanges(DESIRED, { ...FOUND, replicas: 5 })).toEqual({
      wrong: [],
      surplus: ["the service has 5 replicas, the stack specifies 2"],
    });
  });
});

describe("findManualChanges of a global service", () => {
  const [desired, found] = [
    { ...DESIRED, replicas: undefined },
    { ...FOUND, replicas: undefined },
  ];

  it("says what a service has that the stack does not specify", () => {
    expect(findManualChanges({ ...desired, capAdd: [] }, found).wrong).toEqual([
      "added capabilities: the service has KILL, SETUID, the stack specifies none",
    ]);
  });

  it("does not compare numbers of replicas", () => {
    expect(findManualChanges(desired, found)).toEqual({ wrong: [], surplus: [] });
  });

  it("reports another image", () => {
    expect(findManualChanges(desired, { ...found, image: "c:2" }).wrong).toHaveLength(1);
  });
});

describe("isForeign", () => {
  it.each([
    ["accepts a service of this stack", "me", "me", false],
    ["rejects a service of another stack", "you", "me", true],
    ["accepts a service without an owner, as of an older version", undefined, "me", false],
    ["rejects a service without an owner for a new stack", undefined, undefined, true],
    ["rejects a service of another stack for a new stack", "you", undefined, true],
  ])("%s", (_what, owner, mine, foreign) => {
    expect(isForeign(owner, mine)).toBe(foreign);
  });
});

describe("mayWriteSoon", () => {
  const task = (state: string, rest: Partial<Task> = {}): Task => ({
    ...{
      id: "t",
      slot: 1,
      nodeId: "n1",
      generation: "g",
      created: "",
      state,
      changed: "",
      index: 1,
    },
    ...{ desiredState: "running", error: "", exitCode: undefined, ...rest },
  });
  const updating = { update: { state: "updating", message: "" } };

  it.each<[string, Partial<ServiceFacts>, Task[], boolean]>([
    ["is false without an update", {}, [task("running")], false],
    ["is true when all new replicas run", updating, [task("running")], true],
    ["is false while one new replica starts", updating, [task("running"), task("starting")], false],
    [
      "is true while only old replicas drain",
      updating,
      [task("running"), task("starting", { generation: "old", desiredState: "shutdown" })],
      true,
    ],
    [
      "is true during a rollback",
      { update: { state: "rollback_started", message: "" } },
      [task("running")],
      true,
    ],
    [
      "is false after the update",
      { update: { state: "completed", message: "" } },
      [task("running")],
      false,
    ],
  ])("%s", (_what, facts, tasks, expected) => {
    expect(mayWriteSoon({ ...FOUND, ...facts }, tasks)).toBe(expected);
  });
});
