import { afterEach, describe, expect, it, jest } from "@jest/globals";
import type { EngineApi } from "../../../../docker-engine/api";
import { waitUntilSettled } from "../../../../components/pool/settle";

const TASK_TEMPLATE = { ContainerSpec: { Env: ['RUNNER_SETTINGS={"RUNNER_GENERATION":"g1"}'] } };

/**
 * A fake engine whose service goes through the given update states, one per request, and stays in
 * the last one.
 */
function engine(states: readonly string[], onRead: () => void = () => undefined) {
  let reads = 0;
  const fake: Pick<EngineApi, "get"> = {
    get: (path) => {
      if (path === "/tasks") {
        const task = { ID: "t", CreatedAt: "", DesiredState: "running", Spec: TASK_TEMPLATE };
        return Promise.resolve([{ ...task, Status: { State: "running", Timestamp: "" } }]);
      }
      const State = states[Math.min(reads, states.length - 1)];
      reads += 1;
      onRead();
      const Spec = {
        Name: "ci",
        Mode: { Replicated: { Replicas: 1 } },
        TaskTemplate: TASK_TEMPLATE,
      };
      return Promise.resolve(State === "none" ? [] : [{ ID: "s", Spec, UpdateStatus: { State } }]);
    },
  };
  return { api: fake as EngineApi, reads: () => reads };
}

const ANOTHER = { generation: "g2", replicas: 1 };

describe("waitUntilSettled", () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it("waits until Swarm has completed the previous update", async () => {
    const { api, reads } = engine(["updating", "updating", "updating", "completed"]);
    await waitUntilSettled("ci", ANOTHER, api);
    expect(reads()).toBe(4);
  });

  it.each([
    ["the service does not exist", engine(["none"]), ANOTHER],
    ["no update is running", engine(["completed"]), ANOTHER],
    ["the service does not change", engine(["updating"]), { generation: "g1", replicas: 1 }],
  ])("returns at once if %s", async (_what, { api, reads }, asked) => {
    await waitUntilSettled("ci", asked, api);
    expect(reads()).toBe(1);
  });

  it("waits for at most 15 s", async () => {
    let now = 0;
    jest.spyOn(Date, "now").mockImplementation(() => now);
    const { api, reads } = engine(["updating"], () => (now += 5_000));
    await waitUntilSettled("ci", ANOTHER, api);
    expect(reads()).toBe(3);
  });
});
