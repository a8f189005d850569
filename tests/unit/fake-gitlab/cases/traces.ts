import { FORBIDDEN, INTERVAL, LIMITED, message, cases, type World } from "./world";

const call = "PATCH /jobs/:id/trace";
const ENDED = message(403, "403 Forbidden - Job is not processing on runner");

/** A running job, and a call that sends a part of its log. */
async function start(gitlab: World): Promise<{
  jobId: number;
  jobToken: string;
  patch: (text: string, range?: string, token?: string) => ReturnType<World["api"]>;
}> {
  const { jobId, jobToken } = await gitlab.running();
  return {
    jobId,
    jobToken,
    patch: (text, range, token = jobToken) =>
      gitlab.api(`PATCH /jobs/${jobId}/trace`, Buffer.from(text), {
        "job-token": token,
        ...(range !== undefined && { "content-range": range }),
      }),
  };
}

/** `PATCH /jobs/:id/trace`: a runner sends its job's log. */
export const traceCases = cases([
  {
    id: "trc-01",
    call,
    given: "the first part",
    observe: async (gitlab) => {
      const { status, headers } = await (await start(gitlab)).patch("hello there", "0-10");
      return [status, headers["range"], headers["job-status"], headers[INTERVAL]];
    },
    expected: [202, "0-11", "running", "60"],
  },
  {
    id: "trc-02",
    call,
    given: "no range",
    observe: async (gitlab) => {
      const { status, json } = await (await start(gitlab)).patch("hello");
      return [status, json];
    },
    expected: [400, { error: "400 Missing header Content-Range" }],
  },
  {
    id: "trc-04",
    call,
    given: "the last chunk again, one with a gap, and an earlier one",
    observe: async (gitlab) => {
      const { patch } = await start(gitlab);
      await patch("hello", "0-4");
      await patch("there", "5-9");
      const again = await patch("there", "5-9");
      const ahead = await patch("more", "20-23");
      const behind = await patch("hell", "0-3");
      return [again, ahead, behind].map(({ status, headers }) => [status, headers["range"]]);
    },
    expected: [
      [202, "0-10"],
      [416, "0-10"],
      [416, "0-10"],
    ],
  },
  {
    id: "trc-05",
    call,
    given: "a job that has ended",
    observe: async (gitlab) => {
      const { patch, jobId, jobToken } = await start(gitlab);
      await gitlab.status(`PUT /jobs/${jobId}`, { token: jobToken, state: "success" });
      const { status, json, headers } = await patch("late", "0-3");
      return [status, json, headers["job-status"]];
    },
    expected: [...ENDED, "success"],
  },
  {
    id: "trc-06",
    call,
    given: "a wrong token",
    observe: async (gitlab) => {
      const { status, json } = await (await start(gitlab)).patch("a", "0-0", "glcbt-wrong");
      return [status, json];
    },
    expected: FORBIDDEN,
  },
  {
    id: "trc-07",
    call,
    given: "a log that grows beyond the limit",
    observe: async (gitlab) => {
      await gitlab.controls.setSwitches({ traceSizeLimit: 4 });
      const { patch, jobId } = await start(gitlab);
      const { status } = await patch("hello", "0-4");
      return [status, (await gitlab.controls.job({ id: jobId })).failureReason];
    },
    expected: [403, "trace_size_exceeded"],
  },
  {
    id: "trc-08",
    call,
    given: "a job that is being canceled",
    observe: async (gitlab) => {
      const { patch, jobId } = await start(gitlab);
      await gitlab.controls.cancelJob({ id: jobId });
      const { status, headers } = await patch("hello", "0-4");
      return [status, headers["job-status"]];
    },
    expected: [202, "canceling"],
  },
  {
    id: "trc-09",
    call,
    given: "more parts a minute than one job token has",
    observe: async (gitlab) => {
      await gitlab.controls.setSwitches({ jobCallsPerMinute: 2 });
      const { patch } = await start(gitlab);
      for (let n = 0; n < 2; n += 1) await patch("a", `${n}-${n}`);
      const { status, json, headers } = await patch("a", "2-2");
      return [status, json, headers["retry-after"]];
    },
    expected: LIMITED,
  },
]);

const upload = "POST /jobs/:id/artifacts";
const download = "GET /jobs/:id/artifacts";

/** A form with a file, as gitlab-runner sends it. */
function archive(): { body: Buffer; type: string } {
  const boundary = "boundary-of-a-test";
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\n\r\n`;
  return {
    body: Buffer.from(`${head}zip\r\n--${boundary}--\r\n`),
    type: `multipart/form-data; boundary=${boundary}`,
  };
}

async function send(gitlab: World, query: string, token?: string): Promise<readonly unknown[]> {
  const { jobId, jobToken } = await gitlab.running();
  const { body, type } = archive();
  const headers = { "content-type": type, "job-token": token ?? jobToken };
  const [status, json] = await gitlab.ask(`POST /jobs/${jobId}/artifacts?${query}`, body, headers);
  const stored = await gitlab.api(`GET /jobs/${jobId}/artifacts`, undefined, {
    "job-token": jobToken,
  });
  return [status, json, stored.status];
}

/** Artifacts, sent and fetched by runners. */
export const artifactCases = cases([
  {
    id: "art-02",
    call: upload,
    given: "no file",
    observe: async (gitlab) => {
      const { jobId, jobToken } = await gitlab.running();
      return gitlab.status(`POST /jobs/${jobId}/artifacts`, {}, { "job-token": jobToken });
    },
    expected: 400,
  },
  {
    id: "art-03",
    call: upload,
    given: "a wrong token",
    observe: (gitlab) => send(gitlab, "", "glcbt-wrong"),
    expected: [...FORBIDDEN, 404],
  },
  {
    id: "art-04",
    call: upload,
    given: "a kind of artifact that GitLab does not know",
    observe: (gitlab) => send(gitlab, "artifact_type=bogus"),
    expected: [400, { error: "artifact_type does not have a valid value" }, 404],
  },
  {
    id: "art-06",
    call: download,
    given: "artifacts of the job itself, which runs",
    observe: (gitlab) => send(gitlab, "artifact_type=archive"),
    expected: [201, 201, 200],
  },
  {
    id: "art-07",
    call: download,
    given: "no token",
    observe: async (gitlab) => {
      const { jobId } = await gitlab.running();
      return gitlab.status(`GET /jobs/${jobId}/artifacts`);
    },
    expected: 401,
  },
  {
    id: "art-08",
    call: download,
    given: "no artifacts",
    observe: async (gitlab) => {
      const { jobId, jobToken } = await gitlab.running();
      const headers = { "job-token": jobToken };
      return gitlab.status(`GET /jobs/${jobId}/artifacts`, undefined, headers);
    },
    expected: 404,
  },
  {
    id: "art-09",
    call: download,
    given: "the token of a job that has ended",
    observe: async (gitlab) => {
      const { jobId, jobToken } = await gitlab.running();
      await gitlab.status(`PUT /jobs/${jobId}`, { token: jobToken, state: "success" });
      const headers = { "job-token": jobToken };
      return gitlab.status(`GET /jobs/${jobId}/artifacts`, undefined, headers);
    },
    expected: 401,
  },
]);
