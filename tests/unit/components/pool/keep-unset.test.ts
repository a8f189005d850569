import { describe, expect, it } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { keepUnset, type NodeParts } from "../../../../components/pool/spec/keep-unset";
import { buildPlacementSpec } from "../../../../components/pool/spec/placement-spec";
import { buildResourcesSpec } from "../../../../components/pool/spec/resources-spec";
import type { PoolSettings } from "../../../../components/settings/pool-settings";
import { awaitValue } from "../../../../components/known";
import { toNodeSpec, type NodeSpec } from "../../../../docker-engine/node-spec";
import { NO_RESOURCES } from "../../../../docker-engine/resources";

const PLAIN: NodeSpec = { isPlaced: false, hasResources: false };

const complete = async (parts: NodeParts, deployed: NodeSpec | undefined) =>
  awaitValue(pulumi.output(keepUnset(parts, Promise.resolve(deployed))));

type Nodes = Pick<PoolSettings, "placement" | "resources">;

/** The builders read nothing else. */
const settings = (nodes: Nodes) => nodes as PoolSettings;

describe("the nodes of a service", () => {
  it("are not mentioned if no setting says anything about them", async () => {
    const none = settings({
      placement: { constraints: [], spread: [] },
      resources: { limits: {} },
    });
    expect(buildPlacementSpec(none)).toEqual({});
    expect(buildResourcesSpec(none)).toEqual({});
    const nothing = { placement: undefined, resources: undefined };
    expect(await complete({}, PLAIN)).toEqual(nothing);
    expect(await complete({}, undefined)).toEqual(nothing);
  });

  it("have the values of all settings", () => {
    const all = settings({
      placement: {
        constraints: ["node.role==worker"],
        spread: ["node.labels.zone"],
        maxPerNode: 2,
        platforms: ["linux/arm64"],
      },
      resources: {
        limits: { memory: 512, cpus: 0.1 },
        reservations: { memory: 256, cpus: 0.07, generic: { gpu: 2, ssd: 1 } },
      },
    });
    expect(buildPlacementSpec(all)).toEqual({
      placement: {
        constraints: [
          ...["node.role==worker", "node.platform.os==linux", "node.platform.arch==aarch64"],
        ],
        prefs: ["node.labels.zone"],
        maxReplicas: 2,
      },
    });
    expect(buildResourcesSpec(all)).toEqual({
      resources: {
        limits: { memoryBytes: 512, nanoCpus: 100_000_000 },
        reservation: {
          memoryBytes: 256,
          nanoCpus: 70_000_000,
          genericResources: { discreteResourcesSpecs: ["gpu=2", "ssd=1"] },
        },
      },
    });
  });

  it("lose what is unset", async () => {
    const placed = { ...PLAIN, isPlaced: true, hasResources: true };
    expect(await complete({}, placed)).toEqual({
      placement: { maxReplicas: 0 },
      resources: {},
    });
    expect(await complete({ placement: { constraints: ["a==b"] } }, placed)).toEqual({
      placement: { maxReplicas: 0, constraints: ["a==b"] },
      resources: {},
    });
    expect(await complete({ placement: { maxReplicas: 3 } }, PLAIN)).toMatchObject({
      placement: { maxReplicas: 3 },
    });
  });

  it("say also in a new service that nothing limits the replicas per node", async () => {
    const placement = { constraints: ["a==b"] };
    expect(await complete({ placement }, undefined)).toMatchObject({
      placement: { maxReplicas: 0, ...placement },
    });
  });
});

describe("what a deployed service says about its nodes", () => {
  it.each([
    [{}, false],
    [{ Constraints: [], Preferences: null, MaxReplicas: 0 }, false],
    [{ Constraints: ["node.role==worker"] }, true],
    [{ Preferences: [{}] }, true],
    [{ MaxReplicas: 1 }, true],
  ])("is a placement: %j, %s", (placement, expected) => {
    expect(toNodeSpec(placement, []).isPlaced).toBe(expected);
  });

  it.each([
    [{}, false],
    [{ nanoCpus: 1 }, true],
    [{ memoryBytes: 1 }, true],
    [{ generic: { gpu: 1 } }, true],
  ])("is a limit or a reservation: %j, %s", (resources, expected) => {
    const all = [NO_RESOURCES, { ...NO_RESOURCES, ...resources }];
    expect(toNodeSpec({}, all).hasResources).toBe(expected);
  });
});
