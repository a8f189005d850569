import { describe, expect, it } from "@jest/globals";
import { poolStatus, type Sources } from "../../../tools/status/model";
import { renderStatus } from "../../../tools/status/table";
import { manager, pool, task } from "./fixtures";

function status(changes: Partial<Sources> = {}) {
  return poolStatus({ pool: pool(), reports: new Map(), managers: [manager()], ...changes });
}

describe("the replicas of a global service", () => {
  const tasks = [
    task({ id: "t2", slot: 0, node: "node-b", systemIds: ["r_pool00000002"] }),
    task({ id: "t1", slot: 0, node: "node-a" }),
  ];
  const global = (changes: Partial<Sources> = {}) =>
    status({ pool: pool({ desired: 2, tasks }), ...changes });

  it("are listed by node, without a slot", () => {
    const rows = renderStatus([global()]).split("\n").slice(2, 4);
    expect(rows.map((row) => row.split(/ +/).slice(0, 2))).toEqual([
      ["-", "node-a"],
      ["-", "node-b"],
    ]);
  });

  it("are named by their node in problems", () => {
    expect(global().problems).toEqual([
      "the replica on node node-b (r_pool00000002) is not in GitLab",
    ]);
  });

  it("take the reason of a failed task only from their own node", () => {
    const failed = (node: string) =>
      task({
        id: `failed-${node}`,
        slot: 0,
        node,
        state: "failed",
        created: "2026-11-24T08:00:00Z",
      });
    const waiting = task({ id: "t2", slot: 0, node: "node-b", state: "starting" });
    const reports = new Map([
      [
        "failed-node-a",
        [{ state: "refused", message: "403", at: "2026-11-24T08:00:05Z" } as const],
      ],
    ]);
    const kinds = (node: string) =>
      status({
        pool: pool({ tasks: [waiting, failed(node)] }),
        reports,
        managers: [],
      }).replicas.map(({ state }) => state.kind);
    expect(kinds("node-a")).toEqual(kinds("node-c"));
  });
});
