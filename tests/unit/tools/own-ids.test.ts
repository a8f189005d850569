import { describe, expect, it } from "@jest/globals";
import { getSystemId } from "../../../contract/identity";
import { ownSystemIds } from "../../../tools/reap/own-ids";
import { pool } from "./fixtures";

const POOL = pool({
  name: "ci",
  poolTemplate: "{{.Service.Name}}/{{.Service.ID}}",
  nodeIds: ["node1", "node2"],
});

function idOf(changes: Partial<Parameters<typeof getSystemId>[0]> = {}): string {
  return getSystemId({ pool: "ci/mine", node: "node2", slot: "3", place: "0", ...changes });
}

describe("the system IDs of a service's replicas", () => {
  it.each([
    ["that run", {}],
    ["that drained beside newer ones", { place: "2" }],
    ["of slots that the service no longer has", { slot: "100" }],
    ["of an earlier service that was named", { pool: "ci/gone" }],
    ["of a global service", { slot: "node2", place: "1" }],
  ])("include those of replicas %s", (_, changes) => {
    const systemId = idOf(changes);

    expect(ownSystemIds([systemId], POOL, ["mine", "gone"])).toEqual([systemId]);
  });

  it.each([
    ["a service of the same name in another swarm", { pool: "ci/its" }],
    ["a node of another swarm", { node: "its" }],
  ])("exclude those of %s", (_, changes) => {
    expect(ownSystemIds([idOf(changes), idOf()], POOL, ["mine"])).toEqual([idOf()]);
  });

  it("are unknown if the service does not pass its ID to the replicas", () => {
    expect(ownSystemIds([idOf()], pool(), ["mine"])).toBeUndefined();
  });
});
