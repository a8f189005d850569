import { message, cases, type World } from "./world";

const call = "PUT /jobs/:id";
const A = "r_000000000001";

/** A job that its runner was given and has not yet said to run. */
async function offered(gitlab: World): Promise<{
  id: number;
  token: string;
  put: (state: string) => Promise<readonly [number, string]>;
  view: () => Promise<string>;
}> {
  await gitlab.controls.setSwitches({ twoPhaseCommit: true });
  const { jobId: id, jobToken: token } = await gitlab.running();
  return {
    id,
    token,
    put: async (state) => {
      const { status, text } = await gitlab.api(`PUT /jobs/${id}`, { token, state });
      return [status, text];
    },
    view: async () => (await gitlab.controls.job({ id })).status,
  };
}

/** The hand-over in two phases, which older servers have behind a switch. */
export const twoPhaseCases = cases([
  {
    id: "tpc-01",
    call,
    given: "the switch off, which is the default",
    observe: async (gitlab) => {
      const { jobId, jobToken } = await gitlab.running();
      return gitlab.status(`PUT /jobs/${jobId}`, { token: jobToken, state: "pending" });
    },
    expected: 400,
  },
  {
    id: "tpc-02",
    call: "POST /jobs/request",
    given: "the job after it was given",
    observe: async (gitlab) => {
      const { view } = await offered(gitlab);
      const { token } = await gitlab.controls.createRunner({});
      return [await view(), (await gitlab.poll(token)).status];
    },
    expected: ["pending", 204],
  },
  {
    id: "tpc-03",
    call,
    given: "that it is being prepared",
    observe: async (gitlab) => {
      const { put, view } = await offered(gitlab);
      return [await put("pending"), await view()];
    },
    expected: [[200, "200"], "pending"],
  },
  {
    id: "tpc-04",
    call,
    given: "that it runs",
    observe: async (gitlab) => {
      const { put, view } = await offered(gitlab);
      return [(await put("running"))[0], await view()];
    },
    expected: [200, "running"],
  },
  {
    id: "tpc-05",
    call,
    given: "success before it runs",
    observe: async (gitlab) => {
      const { put, view } = await offered(gitlab);
      return [(await put("success"))[0], await view()];
    },
    expected: [400, "pending"],
  },
  {
    id: "tpc-06",
    call,
    given: "that it is being prepared, when it runs",
    observe: async (gitlab) => {
      const { put, view } = await offered(gitlab);
      await put("running");
      return [(await put("pending"))[0], await view()];
    },
    expected: [400, "running"],
  },
  {
    id: "tpc-07",
    call,
    given: "whose job it is before and after it runs",
    observe: async (gitlab) => {
      const { id, put } = await offered(gitlab);
      const bound = async (): Promise<unknown[]> => {
        const { runnerId, managerId, systemId } = await gitlab.controls.job({ id });
        return [runnerId, managerId, systemId];
      };
      const before = await bound();
      await put("running");
      return [before, await bound()];
    },
    expected: [
      [1, null, null],
      [1, 1, A],
    ],
  },
  {
    id: "tpc-09",
    call,
    given: "the switch off after the job was given",
    observe: async (gitlab) => {
      const { put, view } = await offered(gitlab);
      await gitlab.controls.setSwitches({ twoPhaseCommit: false });
      return [(await put("running"))[0], await view()];
    },
    expected: [200, "running"],
  },
  {
    id: "tpc-10",
    call,
    given: "a manager that is gone before the job runs",
    observe: async (gitlab) => {
      const { put, view } = await offered(gitlab);
      await gitlab.controls.deleteManager({ runnerId: 1, systemId: A });
      return [(await put("running"))[0], await view()];
    },
    expected: [400, "pending"],
  },
  {
    id: "tpc-11",
    call: "PATCH /jobs/:id/trace",
    given: "a log before the job runs",
    observe: async (gitlab) => {
      const { id, token } = await offered(gitlab);
      const headers = { "job-token": token, "content-range": "0-1" };
      return gitlab.ask(`PATCH /jobs/${id}/trace`, Buffer.from("ab"), headers);
    },
    expected: message(403, "403 Forbidden - Job is not processing on runner"),
  },
]);

const cancel = "POST /projects/:id/jobs/:job_id/cancel";

/**
 * Creates a running job and cancels it.
 * @param info the information that its runner reports
 */
async function canceled(
  gitlab: World,
  info?: object,
): Promise<{ status: string; put: (state: string) => ReturnType<World["api"]>; id: number }> {
  const { token } = await gitlab.controls.createRunner({});
  const id = await gitlab.job();
  const { json } = await gitlab.poll(token, A, info === undefined ? {} : { info });
  const path = `POST /projects/ci%2Fdemo/jobs/${id}/cancel` as const;
  const [, job] = await gitlab.ask(path, {}, await gitlab.token());
  const jobToken = (json as { token: string }).token;
  return {
    id,
    status: (job as { status: string }).status,
    put: (state) => gitlab.api(`PUT /jobs/${id}`, { token: jobToken, state }),
  };
}

/** What canceling a job does, by what its runner can do. */
export const cancelCases = cases([
  {
    id: "can-01",
    call: cancel,
    given: "a runner that cancels gracefully",
    observe: async (gitlab) => (await canceled(gitlab)).status,
    expected: "canceling",
  },
  {
    id: "can-02",
    call: cancel,
    given: "a runner that does not",
    observe: async (gitlab) => (await canceled(gitlab, { features: {} })).status,
    expected: "canceled",
  },
  {
    id: "can-03",
    call: cancel,
    given: "success of a job that is being canceled",
    observe: async (gitlab) => {
      const { id, put } = await canceled(gitlab);
      return [(await put("success")).status, (await gitlab.controls.job({ id })).status];
    },
    expected: [200, "canceled"],
  },
  {
    id: "can-04",
    call: cancel,
    given: "a sign of life of a job that was canceled",
    observe: async (gitlab) => {
      const { put } = await canceled(gitlab, { features: {} });
      const { status, headers } = await put("running");
      return [status, headers["job-status"]];
    },
    expected: [403, "canceled"],
  },
]);
