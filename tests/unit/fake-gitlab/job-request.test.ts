import { describe, expect, it } from "@jest/globals";
import type { Controls, EnqueueJob } from "../../../fake-gitlab";
import { createTestGitlab, HOUR, type TestGitlab } from "../../support/gitlab-instance";

type NewRunner = NonNullable<Parameters<Controls["createRunner"]>[0]>;

const A = "r_00000000000a";
const B = "r_00000000000b";
const LAST_UPDATE = "x-gitlab-last-update";

async function pollId(gitlab: TestGitlab, token: string, systemId = A): Promise<number | null> {
  const { status, json } = await gitlab.poll(token, systemId);
  return status === 201 ? (json as { id: number }).id : null;
}

describe("POST /jobs/request", () => {
  it("responds with 403 to an unknown token and creates no manager", async () => {
    await using gitlab = await createTestGitlab();
    const answer = await gitlab.poll("glrt-unknown");
    expect([answer.status, answer.json]).toEqual([403, { message: "403 Forbidden" }]);
    expect(answer.headers).not.toHaveProperty(LAST_UPDATE);
    expect(await gitlab.controls.managers()).toEqual([]);
  });

  it("responds with 204 and a queue value if there is no job, and creates a manager", async () => {
    await using gitlab = await createTestGitlab();
    const { token } = await gitlab.controls.createRunner({});
    const answer = await gitlab.poll(token, A);
    expect([answer.status, answer.text]).toEqual([204, ""]);
    expect(answer.headers[LAST_UPDATE]).toMatch(/^[0-9a-f]{32}$/);
    expect(await gitlab.controls.managers()).toMatchObject([{ systemId: A, status: "online" }]);
  });

  it("assigns a job to only one manager, as running, without a queue value", async () => {
    await using gitlab = await createTestGitlab();
    const { id: runnerId, token } = await gitlab.controls.createRunner({});
    const { id } = await gitlab.controls.enqueueJob({ script: ["true"] });
    const answer = await gitlab.poll(token, A);
    expect(answer.status).toBe(201);
    expect(answer.headers).not.toHaveProperty(LAST_UPDATE);
    expect(await pollId(gitlab, token, B)).toBeNull();
    expect(await gitlab.controls.job({ id })).toMatchObject({
      status: "running",
      runnerId,
      systemId: A,
    });
  });

  it("passes the docker options of a job's image and services to the runner", async () => {
    await using gitlab = await createTestGitlab();
    const { token } = await gitlab.controls.createRunner({});
    const image = { name: "ruby", docker: { user: "dave" } };
    await gitlab.controls.enqueueJob({ script: ["true"], image, services: [image, "redis"] });
    expect((await gitlab.poll(token)).json).toMatchObject({
      image: { executor_opts: { docker: { user: "dave" } } },
      services: [{ executor_opts: { docker: { user: "dave" } } }, { executor_opts: {} }],
    });
  });

  it("searches for no job while last_update is current, and searches again after a new job", async () => {
    await using gitlab = await createTestGitlab();
    const { token } = await gitlab.controls.createRunner({});
    const last_update = (await gitlab.poll(token, A)).headers[LAST_UPDATE];
    expect((await gitlab.poll(token, A, { last_update })).headers[LAST_UPDATE]).toBe(last_update);
    await gitlab.controls.enqueueJob({ script: ["true"] });
    expect((await gitlab.poll(token, A, { last_update })).status).toBe(201);
  });

  it("changes the queue value only for jobs that the runner can run, and when the runner is edited", async () => {
    await using gitlab = await createTestGitlab();
    const { id: runnerId, token } = await gitlab.controls.createRunner({ tags: ["a"] });
    const value = async (): Promise<unknown> => (await gitlab.poll(token)).headers[LAST_UPDATE];
    const first = await value();
    await gitlab.controls.enqueueJob({ script: ["true"], tags: ["b"] });
    expect(await value()).toBe(first);
    await gitlab.controls.editRunner({ runnerId, description: "new" });
    const second = await value();
    expect(second).not.toBe(first);
    await gitlab.controls.advanceClock({ ms: HOUR });
    expect(await value()).not.toBe(second);
  });

  it("assigns no job to any manager of a paused runner", async () => {
    await using gitlab = await createTestGitlab();
    const { id: runnerId, token } = await gitlab.controls.createRunner({ paused: true });
    await gitlab.controls.enqueueJob({ script: ["true"] });
    expect([await pollId(gitlab, token, A), await pollId(gitlab, token, B)]).toEqual([null, null]);
    await gitlab.controls.editRunner({ runnerId, paused: false });
    expect(await pollId(gitlab, token, A)).toBe(1);
  });

  it.each<[string, Partial<NewRunner>, Partial<EnqueueJob>, boolean]>([
    ["an untagged job to a runner that takes them", {}, {}, true],
    ["no untagged job to another", { tags: ["a"], runUntagged: false }, {}, false],
    ["a job whose tags the runner has", { tags: ["a", "b"] }, { tags: ["a"] }, true],
    ["no job with a tag that the runner lacks", { tags: ["a"] }, { tags: ["a", "b"] }, false],
    [
      "no unprotected job to a protected runner",
      { accessLevel: "ref_protected" },
      { protected: false },
      false,
    ],
    ["a protected job to one", { accessLevel: "ref_protected" }, { protected: true }, true],
    ["a protected job to an open runner", {}, { protected: true }, true],
    ["jobs of another project to a locked runner", { locked: true }, { project: "x/y" }, true],
    [
      "no job from outside of its group",
      { type: "group_type", groupId: 1 },
      { project: "x/y" },
      false,
    ],
    ["a job from a group below", { type: "group_type", groupId: 1 }, { project: "ci/sub/p" }, true],
    [
      "no job of another project",
      { type: "project_type", projectId: 1 },
      { project: "x/y" },
      false,
    ],
    ["a job of its project", { type: "project_type", projectId: 1 }, {}, true],
  ])("assigns %s", async (_what, runner, job, taken) => {
    await using gitlab = await createTestGitlab();
    for (const path of ["x/y", "ci/sub/p"]) await gitlab.controls.createProject({ path });
    const { token } = await gitlab.controls.createRunner(runner);
    await gitlab.controls.enqueueJob({ script: ["true"], ...job });
    expect((await pollId(gitlab, token)) !== null).toBe(taken);
  });

  it("assigns no job to instance and group runners that the project has disabled", async () => {
    await using gitlab = await createTestGitlab();
    const switchedOff = { sharedRunnersEnabled: false, groupRunnersEnabled: false };
    await gitlab.controls.createProject({ path: "ci/demo", ...switchedOff });
    await gitlab.controls.enqueueJob({ script: ["true"] });
    const instance = await gitlab.controls.createRunner({});
    const group = await gitlab.controls.createRunner({ type: "group_type", groupId: 1 });
    expect(await pollId(gitlab, instance.token)).toBeNull();
    expect(await pollId(gitlab, group.token)).toBeNull();
  });

  it("fails a job that needs an unsupported feature, and assigns the next one", async () => {
    await using gitlab = await createTestGitlab();
    const { token } = await gitlab.controls.createRunner({});
    const report = { paths: ["r.xml"], type: "junit", format: "gzip" };
    await gitlab.controls.enqueueJob({ script: ["true"], artifacts: [report] });
    await gitlab.controls.enqueueJob({ script: ["true"] });
    const answer = await gitlab.poll(token, A, { info: { version: "1" } });
    expect(answer.json).toMatchObject({ id: 2 });
    expect(await gitlab.controls.job({ id: 1 })).toMatchObject({
      status: "failed",
      failureReason: "runner_unsupported",
    });
  });

  it("gives an instance runner jobs of the project with the fewest running jobs first", async () => {
    await using gitlab = await createTestGitlab();
    await gitlab.controls.createProject({ path: "x/y" });
    const { token } = await gitlab.controls.createRunner({});
    for (const project of ["ci/demo", "ci/demo", "x/y"]) {
      await gitlab.controls.enqueueJob({ project, script: ["true"] });
    }
    const order = [];
    for (let n = 0; n < 3; n += 1) order.push(await pollId(gitlab, token));
    expect(order).toEqual([1, 3, 2]);
  });

  it("responds with the body that gitlab-runner expects", async () => {
    await using gitlab = await createTestGitlab();
    const { token } = await gitlab.controls.createRunner({ maximumTimeout: 600 });
    await gitlab.controls.setSwitches({ failureReasons: ["script_failure"] });
    await gitlab.controls.enqueueJob({
      name: "build",
      script: ["make"],
      afterScript: ["clean"],
      image: "alpine:3",
      services: [{ name: "redis", alias: "cache" }],
      cache: [{ key: "npm", paths: ["node_modules/"], fallbackKeys: ["old"] }],
      variables: [{ key: "SECRET", value: "s3cret", masked: true }],
    });
    const { json } = await gitlab.poll(token);
    expect(json).toMatchObject({
      id: 1,
      token: expect.stringMatching(/^glcbt-/),
      job_info: { name: "build", project_jobs_running_on_instance_runners_count: "0" },
      runner_info: { timeout: 600 },
      steps: [
        { name: "script", script: ["make"], when: "on_success", allow_failure: false },
        { name: "after_script", script: ["clean"], when: "always", allow_failure: true },
      ],
      image: { name: "alpine:3" },
      services: [{ name: "redis", alias: "cache" }],
      cache: [
        {
          key: "npm",
          paths: ["node_modules/"],
          policy: "pull-push",
          when: "on_success",
          untracked: false,
          fallback_keys: ["old"],
        },
      ],
      features: { failure_reasons: ["script_failure"] },
    });
    const { variables } = json as { variables: object[] };
    expect(variables).toContainEqual(expect.objectContaining({ key: "SECRET", masked: true }));
    expect(variables).toContainEqual(
      expect.objectContaining({ key: "GIT_STRATEGY", value: "none" }),
    );
    expect(json).not.toHaveProperty("run");
  });
});

describe("two-phase commit", () => {
  const twoPhase = async (gitlab: TestGitlab): Promise<{ id: number; token: string }> => {
    await gitlab.controls.setSwitches({ twoPhaseCommit: true });
    const { token } = await gitlab.controls.createRunner({});
    await gitlab.controls.enqueueJob({ script: ["true"], retry: { max: 1 } });
    return (await gitlab.poll(token, A)).json as { id: number; token: string };
  };

  it("keeps the job pending and out of the queue until the runner confirms it", async () => {
    await using gitlab = await createTestGitlab();
    const job = await twoPhase(gitlab);
    const waiting = { status: "pending", runnerId: 1, systemId: null };
    expect(await gitlab.controls.job({ id: 1 })).toMatchObject(waiting);
    const put = (state: string): Promise<number> =>
      gitlab.api(`PUT /jobs/${job.id}`, { token: job.token, state }).then(({ status }) => status);
    expect(await put("success")).toBe(400);
    expect(await put("pending")).toBe(200);
    expect(await put("running")).toBe(200);
    expect(await gitlab.controls.job({ id: 1 })).toMatchObject({ status: "running", systemId: A });
    expect(await put("pending")).toBe(400);
  });

  it("fails an unconfirmed job after two minutes and retries it by its rule", async () => {
    await using gitlab = await createTestGitlab();
    await twoPhase(gitlab);
    await gitlab.controls.advanceClock({ ms: 119_000 });
    expect(await gitlab.controls.job({ id: 1 })).toMatchObject({ status: "pending" });
    await gitlab.controls.advanceClock({ ms: 1000 });
    expect(await gitlab.controls.job({ id: 1 })).toMatchObject({
      status: "failed",
      failureReason: "runner_provisioning_timeout",
      retriedAs: 2,
    });
  });

  it("starts the job at once for a runner that does not support two-phase commit", async () => {
    await using gitlab = await createTestGitlab();
    await gitlab.controls.setSwitches({ twoPhaseCommit: true });
    const { token } = await gitlab.controls.createRunner({});
    await gitlab.controls.enqueueJob({ script: ["true"] });
    await gitlab.poll(token, A, { info: {} });
    expect(await gitlab.controls.job({ id: 1 })).toMatchObject({ status: "running" });
  });
});
