import { describe, expect, it } from "@jest/globals";
import { eventually } from "../support/eventually";
import { createPool, managersSettle, type PoolFixture } from "../support/pool-fixture";
import { listContainers } from "../support/swarm";

const TEMPLATE = `[[runners]]
[runners.docker]
hostname = "from-template"
`;

/** Passes the preview: gitlab-runner's types do not tell the format of a period. */
const REJECTED_BY_LINT = `[[runners]]
[[runners.monitoring.job_queuing_durations]]
periods = ["every other week"]
threshold = "30s"
`;

/** Passes the preview and lint: only a gitlab-runner that runs opens the port. */
const REJECTED_BY_RUN = `[session_server]
listen_address = "0.0.0.0:99999"
`;

/** A replica exits a minute after it was refused. */
const ROLLBACK_TIMEOUT_MS = 120_000;

describe("a pool with the setting `configTemplate`", () => {
  it("runs jobs with its keys, and keeps its replicas if gitlab-runner rejects or cannot run the next template", async () => {
    await using pool = await createPool({ settings: { replicas: 1, configTemplate: TEMPLATE } });
    const { stack, gitlab, docker } = pool;
    const runJob = async () => {
      const { id } = await gitlab.enqueueJob({ script: ["hostname"], tags: ["docker"] });
      const { status, systemId } = await gitlab.waitForJob({ id, timeoutMs: 60_000 });
      return { status, systemId, trace: await gitlab.trace({ id }) };
    };
    await stack.mustUp();
    const [before] = await managersSettle(pool, 1);
    const [replica] = await listContainers(docker, stack.serviceName);
    const first = await runJob();
    expect(first).toMatchObject({ status: "success", systemId: before?.systemId });
    expect(first.trace).toMatch(/^from-template\r?$/m);

    await stack.configure({ configTemplate: REJECTED_BY_LINT });
    await stack.diff();
    const failed = await stack.up();
    expect(failed.exitCode).not.toBe(0);
    expect(failed.output).toMatch(
      /gitlab-runner rejects the configuration with `configTemplate`: .*job_queuing_durations.*periods/,
    );
    await eventually(async () => (await readUpdateState(pool)) === "rollback_completed", {
      what: "Swarm to roll the update back",
      timeoutMs: ROLLBACK_TIMEOUT_MS,
    });
    expect((await listContainers(docker, stack.serviceName)).map(({ Id }) => Id)).toContain(
      replica?.Id,
    );
    expect(await runJob()).toMatchObject({ status: "success", systemId: before?.systemId });

    // Swarm rolls this update back after a minute, but `up` does not wait for that.
    await stack.configure({ configTemplate: REJECTED_BY_RUN });
    const ended = await stack.up();
    expect(ended.exitCode).not.toBe(0);
    expect(ended.output).toContain("replica 1: gitlab-runner exited unexpectedly (code 1)");
    expect(ended.output).toMatch(/FATAL: Failed to create session server .*invalid port/);
    expect(ended.ms).toBeLessThan(45_000);
    expect(await runJob()).toMatchObject({ status: "success", systemId: before?.systemId });

    await stack.configure({ configTemplate: TEMPLATE });
    await stack.mustUp();
    await stack.expectNoChanges();
    expect(await runJob()).toMatchObject({ status: "success" });
  });
});

/** Returns the state of the latest update of the pool's service. */
async function readUpdateState({ docker, stack }: PoolFixture): Promise<string | undefined> {
  const { UpdateStatus } = (await docker.getService(stack.serviceName).inspect()) as {
    readonly UpdateStatus?: { readonly State: string };
  };
  return UpdateStatus?.State;
}
