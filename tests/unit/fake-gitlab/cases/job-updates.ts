import { error, FORBIDDEN, INTERVAL, LIMITED, message, cases, type World } from "./world";

const call = "PUT /jobs/:id";
const ENDED = message(403, "403 Forbidden - Job is not processing on runner");
const OUTPUT = { checksum: "crc32:12345678", bytesize: 3 };

type Running = Awaited<ReturnType<World["running"]>>;

/** A running job, and a call with its token. */
async function start(
  gitlab: World,
  job?: Parameters<World["running"]>[0],
): Promise<
  Running & { put: (fields: object) => ReturnType<World["api"]>; view: () => Promise<unknown[]> }
> {
  const running = await gitlab.running(job);
  const { jobId, jobToken } = running;
  return {
    ...running,
    put: (fields) => gitlab.api(`PUT /jobs/${jobId}`, { token: jobToken, ...fields }),
    view: async () => {
      const { status, failureReason } = await gitlab.controls.job({ id: jobId });
      return [status, failureReason];
    },
  };
}

async function failAs(gitlab: World, fields: object): Promise<readonly unknown[]> {
  const { put, view } = await start(gitlab);
  const { status } = await put({ state: "failed", ...fields });
  return [status, ...(await view())];
}

/** `PUT /jobs/:id`: a runner reports the state of its job. */
export const jobUpdateCases = cases([
  {
    id: "put-01",
    call,
    given: "success",
    observe: async (gitlab) => {
      const { put, view } = await start(gitlab);
      const { status, text } = await put({ state: "success" });
      return [status, text, await view()];
    },
    expected: [200, "200", ["success", null]],
  },
  {
    id: "put-02",
    call,
    given: "success: no interval for the log",
    observe: async (gitlab) => {
      const { put } = await start(gitlab);
      return INTERVAL in (await put({ state: "success" })).headers;
    },
    expected: false,
  },
  {
    id: "put-04",
    call,
    given: "a script failure",
    observe: (gitlab) => failAs(gitlab, { failure_reason: "script_failure" }),
    expected: [200, "failed", "script_failure"],
  },
  {
    id: "put-05",
    call,
    given: "a failure for a reason that GitLab does not know",
    observe: (gitlab) => failAs(gitlab, { failure_reason: "what_is_this" }),
    expected: [200, "failed", "unknown_failure"],
  },
  {
    id: "put-06",
    call,
    given: "the state running",
    observe: async (gitlab) => {
      const { status, headers } = await (await start(gitlab)).put({ state: "running" });
      return [status, headers["job-status"]];
    },
    expected: [200, "running"],
  },
  {
    id: "put-08",
    call,
    given: "no state",
    observe: async (gitlab) => (await (await start(gitlab)).put({})).status,
    expected: 400,
  },
  {
    id: "put-09",
    call,
    given: "no token",
    observe: (gitlab) => gitlab.ask("PUT /jobs/1", { state: "running" }),
    expected: error("token is missing"),
  },
  {
    id: "put-10",
    call,
    given: "the token in the header only",
    observe: async (gitlab) => {
      const { jobId, jobToken } = await start(gitlab);
      const headers = { "job-token": jobToken };
      return gitlab.ask(`PUT /jobs/${jobId}`, { state: "running" }, headers);
    },
    expected: error("token is missing"),
  },
  {
    id: "put-11",
    call,
    given: "a wrong token",
    observe: async (gitlab) => {
      const { jobId } = await start(gitlab);
      return gitlab.ask(`PUT /jobs/${jobId}`, { token: "glcbt-wrong", state: "running" });
    },
    expected: FORBIDDEN,
  },
  {
    id: "put-12",
    call,
    given: "a job that does not exist",
    observe: (gitlab) => gitlab.ask("PUT /jobs/99", { token: "glcbt-wrong", state: "running" }),
    expected: FORBIDDEN,
  },
  {
    id: "put-13",
    call,
    given: "the token of another job",
    observe: async (gitlab) => {
      const { jobId } = await start(gitlab);
      const { jobToken } = await start(gitlab);
      const body = { token: jobToken, state: "running" };
      const { status, json, headers } = await gitlab.api(`PUT /jobs/${jobId}`, body);
      return [status, json, "job-status" in headers];
    },
    expected: [...FORBIDDEN, false],
  },
  {
    id: "put-14",
    call,
    given: "a job that has ended",
    observe: async (gitlab) => {
      const { put } = await start(gitlab);
      await put({ state: "failed" });
      const { status, json, headers } = await put({ state: "success" });
      return [status, json, headers["job-status"]];
    },
    expected: [...ENDED, "failed"],
  },
  {
    id: "put-15",
    call,
    given: "fields that GitLab does not know",
    observe: async (gitlab) =>
      (await (await start(gitlab)).put({ state: "running", of_tomorrow: { a: 1 } })).status,
    expected: 200,
  },
  {
    id: "put-16",
    call,
    given: "a runner and a manager that had contact, and a manager that was removed",
    observe: async (gitlab) => {
      const { put, runnerId } = await start(gitlab);
      await gitlab.controls.advanceClock({ ms: 60_000 });
      await put({ state: "running" });
      const now = gitlab.instance.clock.now();
      const [runner] = await gitlab.controls.runners();
      const [manager] = await gitlab.controls.managers();
      await gitlab.controls.deleteManager({ runnerId, systemId: manager?.systemId ?? "" });
      await put({ state: "running" });
      return [
        runner?.contactedAt === now,
        manager?.contactedAt === now,
        (await gitlab.controls.managers()).length,
      ];
    },
    expected: [true, true, 0],
  },
  {
    id: "put-17",
    call,
    given: "a job that was erased",
    observe: async (gitlab) => {
      const { put, jobId } = await start(gitlab);
      await put({ state: "success" });
      const headers = await gitlab.token();
      await gitlab.status(`POST /projects/1/jobs/${jobId}/erase`, {}, headers);
      const { status, json } = await put({ state: "success" });
      return [status, json];
    },
    expected: message(403, "403 Forbidden - Job has been erased!"),
  },
  {
    id: "put-18",
    call,
    given: "success while the end of the log is being stored",
    observe: async (gitlab) => {
      await gitlab.controls.setSwitches({ traceStoreSeconds: 10 });
      const { put, view } = await start(gitlab);
      const first = await put({ state: "success", output: OUTPUT });
      const before = await view();
      await gitlab.controls.advanceClock({ ms: 10_000 });
      const second = await put({ state: "success", output: OUTPUT });
      return [first.status, INTERVAL in first.headers, before, second.status, await view()];
    },
    expected: [202, true, ["running", null], 200, ["success", null]],
  },
  {
    id: "put-19",
    call,
    given: "an exit code that allows the job to fail",
    observe: async (gitlab) => {
      const { put, jobId } = await start(gitlab, { allowFailure: { exitCodes: [3] } });
      const next = await gitlab.job({ needs: [jobId] });
      await put({ state: "failed", failure_reason: "script_failure", exit_code: 3 });
      const headers = await gitlab.token();
      const [, job] = await gitlab.ask(`GET /projects/1/jobs/${jobId}`, undefined, headers);
      const { status, allow_failure } = job as Record<string, unknown>;
      return [status, allow_failure, (await gitlab.controls.job({ id: next })).status];
    },
    expected: ["failed", true, "pending"],
  },
  {
    id: "put-20",
    call,
    given: "a job token that has expired",
    observe: async (gitlab) => {
      await gitlab.controls.setSwitches({ jobTokenLifeSeconds: 60 });
      const { put, view } = await start(gitlab);
      await gitlab.controls.advanceClock({ ms: 60_000 });
      const { status, json } = await put({ state: "running" });
      return [status, json, await view()];
    },
    expected: [
      ...message(403, "403 Forbidden - Job token has expired"),
      ["failed", "job_token_expired"],
    ],
  },
  {
    id: "put-21",
    call,
    given: "more requests per minute than one job token may send",
    observe: async (gitlab) => {
      await gitlab.controls.setSwitches({ jobCallsPerMinute: 2 });
      const { put } = await start(gitlab);
      for (let n = 0; n < 2; n += 1) await put({ state: "running" });
      const { status, json, headers } = await put({ state: "running" });
      return [status, json, headers["retry-after"]];
    },
    expected: LIMITED,
  },
  {
    id: "tim-07",
    call,
    given: "a job without updates for an hour, with a retry for stuck jobs",
    observe: async (gitlab) => {
      const retry = { max: 1, when: ["stuck_or_timeout_failure"] };
      const { put, view, jobId } = await start(gitlab, { retry });
      await gitlab.controls.advanceClock({ ms: 3_600_000 });
      const { status } = await put({ state: "success" });
      return [status, await view(), (await gitlab.controls.job({ id: jobId })).retriedAs];
    },
    expected: [403, ["failed", "no_updates_running"], 2],
  },
]);
