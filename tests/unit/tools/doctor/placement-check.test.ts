import { describe, expect, it } from "@jest/globals";
import { comparePlacement } from "../../../../tools/doctor/checks/placement";
import { stackSettings } from "../../../support/doctor-settings";
import { swarmNode } from "../../../support/node";

const NODES = [swarmNode("n1", { role: "manager" }), swarmNode("n2")];
const WORKERS = JSON.stringify({ constraints: ["node.role==worker"], maxPerNode: 1 });
const WARNING =
  'replicas with the Docker socket of their node may run on a manager (n1), where this socket controls the whole swarm: to keep replicas on workers, add "node.role==worker" to `placement.constraints`';

/** An engine that answers with services and tasks; none by default. */
function engine(answers: Readonly<Record<string, unknown>> = {}) {
  return { get: (path: string) => Promise.resolve(answers[path] ?? []) };
}

describe("npm run doctor", () => {
  it("reports fewer places than replicas, with the names of the settings", async () => {
    const settings = stackSettings({ replicas: "2", placement: WORKERS });
    expect(await comparePlacement(settings, NODES, engine())).toEqual({
      problems: [
        "`placement.maxPerNode` (1) on the only node that matches `placement.constraints` allows 1 replica, but `replicas` is 2: raise `placement.maxPerNode`, lower `replicas`, or add nodes",
      ],
      warnings: [],
    });
  });

  it("warns of managers, unless replicas stay on workers or jobs run elsewhere", async () => {
    const warnings = async (config: Readonly<Record<string, string>>) =>
      (await comparePlacement(stackSettings(config), NODES, engine())).warnings;
    expect(await warnings({})).toEqual([WARNING]);
    expect(await warnings({ placement: WORKERS, replicas: "1" })).toEqual([]);
    expect(await warnings({ executor: "shell" })).toEqual([]);
    const mounts = "/var/run/docker.sock:/var/run/docker.sock";
    expect(await warnings({ executor: "shell", mounts })).toEqual([WARNING]);
    const docker = JSON.stringify({ host: "unix:///run/podman/podman.sock" });
    expect(await warnings({ docker })).toEqual([]);
  });

  it("does not count the replicas of the pool itself against it", async () => {
    const settings = stackSettings({ replicas: "1", placement: WORKERS });
    const { serviceName } = settings.pool.args;
    const answers = {
      "/services": [{ ID: "own", Spec: { Name: serviceName, TaskTemplate: {} } }],
      "/tasks": [
        {
          ID: "t1",
          ServiceID: "own",
          NodeID: "id-of-n2",
          CreatedAt: "2026-01-01T00:00:00Z",
          DesiredState: "running",
          Spec: {},
          Status: { State: "running" },
        },
      ],
    };
    const { problems } = await comparePlacement(settings, NODES, engine(answers));
    expect(problems).toEqual([]);
  });
});
