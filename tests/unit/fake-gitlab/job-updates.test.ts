import { describe, expect, it } from "@jest/globals";
import {
  createTestGitlab,
  HOUR,
  type InjectedResponse,
  type TestGitlab,
  withRunningJob,
} from "../../support/gitlab-instance";

type Running = Awaited<ReturnType<typeof withRunningJob>>;

const patch = (
  gitlab: TestGitlab,
  { jobId, jobToken }: Running,
  text: string,
  range: string,
): Promise<InjectedResponse> =>
  gitlab.api(`PATCH /jobs/${jobId}/trace`, Buffer.from(text), {
    "job-token": jobToken,
    "content-range": range,
  });

const put = (
  gitlab: TestGitlab,
  { jobId, jobToken }: Running,
  fields: object,
): Promise<InjectedResponse> => gitlab.api(`PUT /jobs/${jobId}`, { token: jobToken, ...fields });

describe("PATCH /jobs/:id/trace", () => {
  it("appends, and responds with the exclusive end and the job's status", async () => {
    await using gitlab = await createTestGitlab();
    const running = await withRunningJob(gitlab);
    const first = await patch(gitlab, running, "hello", "0-4");
    expect(first.status).toBe(202);
    expect(first.headers).toMatchObject({ range: "0-5", "job-status": "running" });
    expect((await patch(gitlab, running, " world", "5-10")).headers["range"]).toBe("0-11");
    expect(await gitlab.controls.trace({ id: running.jobId })).toBe("hello world");
  });

  it.each(["3-7", "9-13"])(
    "responds with 416 and the real size to a chunk at %s",
    async (range) => {
      await using gitlab = await createTestGitlab();
      const running = await withRunningJob(gitlab);
      await patch(gitlab, running, "hello", "0-4");
      const answer = await patch(gitlab, running, "again", range);
      expect([answer.status, answer.headers["range"]]).toEqual([416, "0-5"]);
      expect(await gitlab.controls.trace({ id: running.jobId })).toBe("hello");
    },
  );

  it("responds with 400 without Content-Range and 403 without the job's token", async () => {
    await using gitlab = await createTestGitlab();
    const { jobId, jobToken } = await withRunningJob(gitlab);
    const path = `PATCH /jobs/${jobId}/trace` as const;
    const bare = await gitlab.api(path, Buffer.from("x"), { "job-token": jobToken });
    expect([bare.status, bare.json]).toEqual([400, { error: "400 Missing header Content-Range" }]);
    const foreign = { "job-token": "glcbt-other", "content-range": "0-0" };
    expect((await gitlab.api(path, Buffer.from("x"), foreign)).status).toBe(403);
  });

  it("requests the log every 3 s while somebody watches, otherwise every 60 s", async () => {
    await using gitlab = await createTestGitlab();
    const running = await withRunningJob(gitlab);
    const interval = async (text: string, range: string): Promise<unknown> =>
      (await patch(gitlab, running, text, range)).headers["x-gitlab-trace-update-interval"];
    expect(await interval("a", "0-0")).toBe("60");
    await gitlab.controls.trace({ id: running.jobId });
    expect(await interval("b", "1-1")).toBe("3");
    await gitlab.controls.advanceClock({ ms: 61_000 });
    expect(await interval("c", "2-2")).toBe("60");
    await gitlab.controls.setSwitches({ traceIntervalSeconds: 7 });
    expect(await interval("d", "3-3")).toBe("7");
  });

  it("fails a job whose log exceeds the limit", async () => {
    await using gitlab = await createTestGitlab();
    await gitlab.controls.setSwitches({ traceSizeLimit: 4 });
    const running = await withRunningJob(gitlab);
    expect((await patch(gitlab, running, "hello", "0-4")).status).toBe(403);
    expect(await gitlab.controls.job({ id: running.jobId })).toMatchObject({
      status: "failed",
      failureReason: "trace_size_exceeded",
    });
  });
});

describe("PUT /jobs/:id", () => {
  it("ends a job with failure reason and exit code", async () => {
    await using gitlab = await createTestGitlab();
    const running = await withRunningJob(gitlab);
    const fields = { state: "failed", failure_reason: "script_failure", exit_code: 3 };
    const answer = await put(gitlab, running, fields);
    expect([answer.status, answer.text, answer.headers["job-status"]]).toEqual([
      200,
      "200",
      "failed",
    ]);
    expect(answer.headers["content-type"]).toMatch(/^application\/json/);
    expect(await gitlab.controls.job({ id: running.jobId })).toMatchObject({
      status: "failed",
      failureReason: "script_failure",
      exitCode: 3,
    });
  });

  it("rejects an unknown state, and every call after the job has ended", async () => {
    await using gitlab = await createTestGitlab();
    const running = await withRunningJob(gitlab);
    expect((await put(gitlab, running, { state: "odd" })).status).toBe(400);
    await put(gitlab, running, { state: "success" });
    const late = await put(gitlab, running, { state: "running" });
    const message = "403 Forbidden - Job is not processing on runner";
    expect([late.status, late.json, late.headers["job-status"]]).toEqual([
      403,
      { message },
      "success",
    ]);
  });

  it("responds with 403 and no Job-Status to the token of another job", async () => {
    await using gitlab = await createTestGitlab();
    const { jobToken } = await withRunningJob(gitlab);
    const { id } = await gitlab.controls.enqueueJob({ script: ["true"] });
    const answer = await gitlab.api(`PUT /jobs/${id}`, { token: jobToken, state: "running" });
    expect([answer.status, answer.json]).toEqual([403, { message: "403 Forbidden" }]);
    expect(answer.headers).not.toHaveProperty("job-status");
  });

  it("counts as contact of runner and manager, but does not create a deleted manager again", async () => {
    await using gitlab = await createTestGitlab();
    const running = await withRunningJob(gitlab);
    await gitlab.controls.setSwitches({ orphanTimeoutSeconds: 4 * 3600 });
    await gitlab.controls.advanceClock({ ms: 3 * HOUR });
    expect(await gitlab.controls.managers()).toMatchObject([{ status: "offline" }]);
    await put(gitlab, running, { state: "running" });
    expect(await gitlab.controls.managers()).toMatchObject([{ status: "online" }]);
    await gitlab.controls.deleteManager({ runnerId: running.runnerId, systemId: "r_000000000001" });
    await put(gitlab, running, { state: "running" });
    expect(await gitlab.controls.managers()).toEqual([]);
  });
});

describe("jobs whose runner or manager was deleted", () => {
  it("can finish normally", async () => {
    await using gitlab = await createTestGitlab();
    const running = await withRunningJob(gitlab);
    await gitlab.controls.deleteRunner({ runnerId: running.runnerId });
    expect((await patch(gitlab, running, "x", "0-0")).status).toBe(202);
    expect((await put(gitlab, running, { state: "success" })).status).toBe(200);
    expect(await gitlab.controls.job({ id: running.jobId })).toMatchObject({ status: "success" });
  });

  it("fail when the runner has been silent for exactly the timeout", async () => {
    await using gitlab = await createTestGitlab();
    const running = await withRunningJob(gitlab);
    await gitlab.controls.advanceClock({ ms: HOUR - 1 });
    expect(await gitlab.controls.job({ id: running.jobId })).toMatchObject({ status: "running" });
    await patch(gitlab, running, "x", "0-0");
    await gitlab.controls.advanceClock({ ms: HOUR - 1 });
    expect(await gitlab.controls.job({ id: running.jobId })).toMatchObject({ status: "running" });
    await gitlab.controls.advanceClock({ ms: 1 });
    expect(await gitlab.controls.job({ id: running.jobId })).toMatchObject({
      status: "failed",
      failureReason: "no_updates_running",
    });
  });
});

describe("canceling a job", () => {
  it("lets the job report while it is canceling, and then ends it as canceled", async () => {
    await using gitlab = await createTestGitlab();
    const running = await withRunningJob(gitlab, { retry: { max: 2 } });
    expect(await gitlab.controls.cancelJob({ id: running.jobId })).toMatchObject({
      status: "canceling",
    });
    const answer = await patch(gitlab, running, "x", "0-0");
    expect([answer.status, answer.headers["job-status"]]).toEqual([202, "canceling"]);
    await put(gitlab, running, { state: "failed", failure_reason: "job_canceled" });
    expect(await gitlab.controls.job({ id: running.jobId })).toMatchObject({
      status: "canceled",
      retriedAs: null,
    });
  });

  it("is immediate if the manager is gone, if forced, and before the job runs", async () => {
    await using gitlab = await createTestGitlab();
    const first = await withRunningJob(gitlab);
    await gitlab.controls.deleteRunner({ runnerId: first.runnerId });
    const second = await withRunningJob(gitlab);
    const { id: third } = await gitlab.controls.enqueueJob({ script: ["true"] });
    const cancel = async (id: number, force = false): Promise<string> =>
      (await gitlab.controls.cancelJob({ id, force })).status;
    expect(await cancel(first.jobId)).toBe("canceled");
    expect(await cancel(second.jobId, true)).toBe("canceled");
    expect(await cancel(third)).toBe("canceled");
    const late = await patch(gitlab, second, "x", "0-0");
    expect([late.status, late.headers["job-status"]]).toEqual([403, "canceled"]);
  });
});

describe("retrying failed jobs", () => {
  it.each([
    [{ max: 2 }, "script_failure", 3],
    [{ max: 1, when: ["always"] }, "unknown_failure", 2],
    [{ max: 2, when: ["runner_system_failure"] }, "runner_system_failure", 3],
    [{ max: 2, when: ["runner_system_failure"] }, "unknown_failure", 1],
    [{ max: 1, when: ["stuck_or_timeout_failure"] }, "no_updates_running", 2],
    [{ max: 1, when: ["unknown_failure"] }, "a reason of tomorrow", 2],
    [{ max: 2 }, "missing_dependency_failure", 1],
    [undefined, "script_failure", 1],
    [undefined, "scheduler_failure", 3],
  ])("with %j, a job that fails with %s gets %d attempts", async (retry, failure_reason, tries) => {
    await using gitlab = await createTestGitlab();
    const { token } = await gitlab.controls.createRunner({});
    await gitlab.controls.enqueueJob({ script: ["true"], ...(retry && { retry }) });
    let made = 0;
    for (;;) {
      const { status, json } = await gitlab.poll(token);
      if (status !== 201) break;
      made += 1;
      const job = json as { id: number; token: string };
      await gitlab.api(`PUT /jobs/${job.id}`, {
        token: job.token,
        state: "failed",
        failure_reason,
      });
    }
    expect(made).toBe(tries);
    const jobs = await gitlab.controls.jobs();
    expect(new Set(jobs.map(({ pipelineId }) => pipelineId)).size).toBe(1);
    expect(jobs[0]?.retriedAs).toBe(tries > 1 ? 2 : null);
  });
});

describe("jobs with `needs`", () => {
  it("wait for the needed jobs and their retries, and are skipped if those fail", async () => {
    await using gitlab = await createTestGitlab();
    const running = await withRunningJob(gitlab, { retry: { max: 1 } });
    const needs = [running.jobId];
    const { id } = await gitlab.controls.enqueueJob({ script: ["true"], needs });
    expect(await gitlab.controls.job({ id })).toMatchObject({ status: "created" });
    await put(gitlab, running, { state: "failed", failure_reason: "script_failure" });
    expect(await gitlab.controls.job({ id })).toMatchObject({ status: "created" });
    const again = (await gitlab.poll(running.token)).json as { id: number; token: string };
    await gitlab.api(`PUT /jobs/${again.id}`, { token: again.token, state: "failed" });
    expect(await gitlab.controls.job({ id })).toMatchObject({ status: "skipped" });
  });
});
