import { describe, expect, it } from "@jest/globals";
import { readPoolTasks } from "../../../../components/wait/read-snapshot";

const NODES = [
  { ID: "n1", Description: { Hostname: "worker-1" } },
  { ID: "n2", Description: { Hostname: "worker-2" } },
];

/** Reads two tasks, one of which failed with an error. */
async function read(error: string) {
  const asked: string[] = [];
  const task = (id: string, NodeID: string, Err: string) => ({
    ...{ ID: id, NodeID, CreatedAt: "2026-01-01T00:00:00Z", DesiredState: "running" },
    ...{ Spec: { ContainerSpec: { Image: "a:b" } }, Status: { State: "rejected", Err } },
  });
  const get = (path: string) => {
    asked.push(path);
    const tasks = [task("t1", "n1", ""), task("t2", "n2", error)];
    return Promise.resolve(path === "/nodes" ? NODES : tasks);
  };
  const tasks = await readPoolTasks({ get }, "s1");
  return { asked, nodes: tasks.map(({ node }) => node) };
}

describe("the tasks of a pool", () => {
  it("name the node that could not pull the image", async () => {
    expect(await read("No such image: r.example.com/ci/runner:1@sha256:abc")).toEqual({
      asked: ["/tasks", "/nodes"],
      nodes: [undefined, "worker-2"],
    });
  });

  it("do not need the nodes for another error", async () => {
    expect(await read("task: non-zero exit (1)")).toEqual({
      asked: ["/tasks"],
      nodes: [undefined, undefined],
    });
  });
});
