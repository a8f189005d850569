import { describe, expect, it } from "@jest/globals";
import { poolStatus, type Sources } from "../../../tools/status/model";
import { describeActivity } from "../../../tools/status/replica-activity";
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
    const ready = task({ id: "t2", slot: 0, node: "node-b", state: "ready" });
    const failed = (node: string) =>
      task({
        ...{ id: "t0", slot: 0, node, state: "failed" },
        ...{ created: "2026-11-24T08:00:00Z", message: "task: non-zero exit (1)" },
      });
    const reasons = (node: string) =>
      status({ pool: pool({ tasks: [ready, failed(node)] }), managers: [] }).replicas.map(
        ({ state }) => describeActivity(state),
      );
    expect(reasons("node-a")).toEqual(["ready: started"]);
    expect(reasons("node-b")).toEqual(["ready (restart after: task: non-zero exit (1))"]);
  });
});
