import { Readable } from "node:stream";
import { expect, it } from "@jest/globals";
import { waitUntilOnline } from "../../../../components/wait/wait-until-online";
import type { EngineApi } from "../../../../docker-engine/api";
import { ALL_AT_ONCE } from "../../../support/update-policy";

const SERVICE = { id: "s1", name: "ci" };
const SPEC = { ContainerSpec: { Env: ['RUNNER_SETTINGS={"RUNNER_GENERATION":"g"}'] } };
const POLICY = { ...ALL_AT_ONCE, monitor: 6 };
const TARGET = { policy: POLICY, generation: "g", replicas: 1, indexBefore: 100 };

/** An engine with one running replica, without a log. */
function engine(update: { readonly State: string }): EngineApi {
  const task = {
    ...{ ID: "t1", Version: { Index: 200 }, Slot: 1, CreatedAt: "2026-01-01T00:00:10Z" },
    ...{ DesiredState: "running", Spec: SPEC, Status: { State: "running" } },
  };
  const service = () => ({
    ID: SERVICE.id,
    Spec: { Name: SERVICE.name, TaskTemplate: SPEC },
    UpdateStatus: update,
  });
  const fake: Pick<EngineApi, "get" | "open"> = {
    get: (path) => Promise.resolve(path === "/tasks" ? [task] : service()),
    open: () =>
      Promise.resolve(Readable.from([]) as unknown as Awaited<ReturnType<EngineApi["open"]>>),
  };
  return fake as EngineApi;
}

it("waits until Swarm has watched the replicas for a long `update.monitor`", async () => {
  const update = { State: "updating" };
  const start = Date.now();
  setTimeout(() => (update.State = "completed"), 1500);
  // The timeout is for the replicas to come online, so it does not end this wait.
  await waitUntilOnline(engine(update), SERVICE, TARGET, 1);
  expect(Date.now() - start).toBeGreaterThanOrEqual(1499);
});

it("fails if Swarm pauses the update while it watches the replicas", async () => {
  const update = { State: "updating" };
  setTimeout(() => (update.State = "paused"), 600);
  await expect(waitUntilOnline(engine(update), SERVICE, TARGET, 1)).rejects.toThrow(
    "Swarm paused the update",
  );
});
