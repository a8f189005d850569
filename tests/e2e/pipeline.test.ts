import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { eventually } from "../support/eventually";
import { createPipeline, type PipelineFixture } from "../support/pipeline-fixture";
import { managersSettle } from "../support/pool-fixture";
import { replicaLines } from "../support/replica-lines";
import { ExitRecorder, readImage, listContainers, listTasks } from "../support/swarm";

describe("the example pipeline, on the pool that it deploys", () => {
  it("previews, deploys the pool that runs it, scales, and destroys the pool from another runner", async () => {
    await using pipeline = await createPipeline();
    const { pool, git } = pipeline;
    const { stack, docker } = pool;
    await git.commit("First version", "main");
    await pipeline.deployPools();
    await managersSettle(pool, 2);

    await appendFile(join(git.folder, "runner-image/entrypoint.sh"), "# next version\n");
    const sha = await git.commit("Next version", "next");
    await expectPreview(pipeline, sha);

    await git.fastForward("main");
    const first = await readImage(docker, stack.serviceName);
    await expectDeployment(pipeline, sha);
    expect(await readImage(docker, stack.serviceName)).not.toBe(first);

    const before = (await managersSettle(pool, 2)).map(({ systemId }) => systemId);
    const start = { ref: "main", sha, variables: { REPLICAS: "3" } };
    await pipeline.succeed(await pipeline.enqueue("scale", start));
    const scaled = (await managersSettle(pool, 3)).map(({ systemId }) => systemId);
    expect(scaled).toEqual(expect.arrayContaining(before));

    await pipeline.succeed(await pipeline.enqueue("destroy", { ref: "main", sha }));
    expect(await namesOfWhatIsLeft(pipeline)).toEqual([]);
    expect(await pool.gitlab.managers({ runnerId: pool.runnerId })).toEqual([]);
  }, 600_000);
});

/** Expects that the merge request job prints the diff and writes the note. */
async function expectPreview(pipeline: PipelineFixture, sha: string): Promise<void> {
  const { gitlab } = pipeline.pool;
  const { projectId, iid } = await gitlab.createMergeRequest({ title: "Next version" });
  const variables = {
    CI_PIPELINE_SOURCE: "merge_request_event",
    CI_MERGE_REQUEST_IID: String(iid),
  };
  const { log } = await pipeline.succeed(
    await pipeline.enqueue("preview", { ref: "next", sha, variables }),
  );
  expect(log).toContain("docker:index/service:Service: (update)");
  expectNothingSecret(pipeline, log);
  expect(pipeline.engine.refused).toEqual([]);
  expect(pipeline.engine.passed).toBeGreaterThan(0);
  const notes = await fetch(
    `${gitlab.url}/api/v4/projects/${projectId}/merge_requests/${iid}/notes`,
    { headers: { "PRIVATE-TOKEN": pipeline.variables["GITLAB_TOKEN"] ?? "" } },
  );
  expect(await notes.json()).toEqual([
    expect.objectContaining({ body: expect.stringContaining("entrypoint.sh") }),
  ]);
}

/**
 * Expects that the job continues while its own replica drains, and that everything left of the
 * first version ends cleanly.
 */
async function expectDeployment(pipeline: PipelineFixture, sha: string): Promise<void> {
  const { pool } = pipeline;
  const { gitlab, docker, stack } = pool;
  const old = await listContainers(docker, stack.serviceName);
  using recorder = await ExitRecorder.start(docker, stack.serviceName);
  const { id: everyone } = await gitlab.addFault(REFUSED);
  const id = await pipeline.enqueue("deploy", { ref: "main", sha });
  const { systemId } = await gitlab.waitForJob({ id, timeoutMs: 30_000, until: ["running"] });

  // Delays one new replica, so that `pulumi up` is still waiting when the job's own replica
  // receives its stop signal.
  const own = await containerOf(pipeline, systemId ?? "");
  const late = await newReplicaBeside(pipeline, own.slot);
  await gitlab.addFault({ ...REFUSED, systemId: late, action: { kind: "hang" } });
  await gitlab.clearFaults({ id: everyone });
  await eventually(
    async () => (await replicaLines(docker, own.id)()).some(({ state }) => state === "draining"),
    { what: "the replica of the deploying job to drain", timeoutMs: 150_000 },
  );
  expect(await gitlab.job({ id })).toMatchObject({ status: "running" });
  await gitlab.clearFaults({});

  const { log } = await pipeline.succeed(id);
  expect(log).toContain("docker:index:Service");
  expectNothingSecret(pipeline, log);
  expect((await recorder.wait(old.length, 60_000)).map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  const after = (await managersSettle(pool, 2)).map((manager) => manager.systemId);
  expect(after).not.toContain(systemId);
}

const REFUSED = {
  endpoint: "POST /runners/verify",
  action: { kind: "status", status: 502 },
} as const;

interface Replica {
  readonly id: string;
  readonly slot: number;
  readonly systemId: string;
}

/** Lists the replicas that have logged their system ID. */
async function replicasOf({ pool }: PipelineFixture): Promise<readonly Replica[]> {
  const { docker, stack } = pool;
  const tasks = await listTasks(docker, stack.serviceName);
  const replicas = await Promise.all(
    tasks.map(async ({ containerId: id = "", slot }) => {
      const lines = id === "" ? [] : await replicaLines(docker, id)();
      const systemId = /system ID (\w+)/.exec(lines[0]?.message ?? "")?.[1] ?? "";
      return { id, slot, systemId };
    }),
  );
  return replicas.filter(({ systemId }) => systemId !== "");
}

async function containerOf(pipeline: PipelineFixture, systemId: string): Promise<Replica> {
  const found = (await replicasOf(pipeline)).find((replica) => replica.systemId === systemId);
  if (found === undefined) throw new Error(`no replica says that its system ID is ${systemId}`);
  return found;
}

/** Waits for the new replicas and returns the system ID of the one in another slot. */
async function newReplicaBeside(pipeline: PipelineFixture, slot: number): Promise<string> {
  const { systemId } = await eventually(
    async () => {
      const replicas = await replicasOf(pipeline);
      // Sorted by slot and age.
      return replicas.length === 4 && replicas.filter((one) => one.slot !== slot).at(-1);
    },
    { what: "the replicas of the next version", timeoutMs: 150_000 },
  );
  return systemId;
}

function expectNothingSecret({ variables }: PipelineFixture, log: string): void {
  for (const name of ["RUNNER_CI_TOKEN", "GITLAB_TOKEN", "PULUMI_CONFIG_PASSPHRASE"]) {
    expect(log).not.toContain(variables[name]);
  }
}

/** Lists the services, secrets and networks of the stack that the engine still has. */
async function namesOfWhatIsLeft({ pool }: PipelineFixture): Promise<readonly string[]> {
  const { docker, stack } = pool;
  const names = [
    ...(await docker.listServices()).map(({ Spec }) => Spec?.Name ?? ""),
    ...(await docker.listSecrets()).map(({ Spec }) => Spec?.Name ?? ""),
    ...(await docker.listNetworks()).map(({ Name }) => Name),
  ];
  return names.filter((name) => name.includes(stack.serviceName));
}
