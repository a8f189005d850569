import { AS_FORM, error, FORBIDDEN, form, message, cases, type World } from "./world";

const runners = "DELETE /runners";
const managers = "DELETE /runners/managers";
const A = "r_00000000000a";
const B = "r_00000000000b";
const LONG_AGO = { "if-unmodified-since": "Fri, 19 Jan 2018 00:00:00 GMT" };
const LATER = { "if-unmodified-since": "Wed, 24 Nov 2027 12:00:00 GMT" };
const FAILED = message(412, "412 Precondition Failed");
const UNKNOWN = message(404, "404 Runner manager not found Not Found");

/** A runner with managers. */
async function runnerWith(
  gitlab: World,
  ...systemIds: readonly string[]
): Promise<{ id: number; token: string }> {
  const { id, token } = await gitlab.controls.createRunner({});
  for (const system_id of systemIds)
    await gitlab.status("POST /runners/verify", { token, system_id });
  return { id, token };
}

async function left(gitlab: World): Promise<readonly number[]> {
  return [(await gitlab.controls.runners()).length, (await gitlab.controls.managers()).length];
}

async function contactedAt(gitlab: World): Promise<number | null | undefined> {
  return (await gitlab.controls.runners())[0]?.contactedAt;
}

/** `DELETE /runners`: a runner removes itself, with all its managers. */
export const runnerRemovalCases = cases([
  {
    id: "del-03",
    call: runners,
    given: "a runner with a manager",
    observe: async (gitlab) => {
      const { token } = await runnerWith(gitlab, A);
      const { status, text } = await gitlab.api(runners, { token });
      return [status, text, await left(gitlab)];
    },
    expected: [204, "", [0, 0]],
  },
  {
    id: "del-04",
    call: runners,
    given: "the condition that nothing has changed for years",
    observe: async (gitlab) =>
      gitlab.ask(runners, { token: (await runnerWith(gitlab)).token }, LONG_AGO),
    expected: FAILED,
  },
  {
    id: "del-05",
    call: runners,
    given: "a condition that holds",
    observe: async (gitlab) =>
      gitlab.status(runners, { token: (await runnerWith(gitlab)).token }, LATER),
    expected: 204,
  },
  {
    id: "del-06",
    call: runners,
    given: "a condition between creation and a later edit",
    observe: async (gitlab) => {
      const { id: runnerId, token } = await runnerWith(gitlab);
      await gitlab.controls.advanceClock({ ms: 60_000 });
      await gitlab.controls.editRunner({ runnerId, description: "new" });
      return gitlab.ask(
        runners,
        { token },
        { "if-unmodified-since": "Tue, 24 Nov 2026 12:00:30 GMT" },
      );
    },
    expected: FAILED,
  },
  {
    id: "del-07",
    call: runners,
    given: "a second time",
    observe: async (gitlab) => {
      const { token } = await runnerWith(gitlab);
      await gitlab.status(runners, { token });
      return gitlab.ask(runners, { token });
    },
    expected: FORBIDDEN,
  },
  {
    id: "del-08",
    call: runners,
    given: "a runner that a user made",
    observe: async (gitlab) => {
      const { token } = await runnerWith(gitlab, A, B);
      const status = await gitlab.status(runners, { token });
      return [token.startsWith("glrt-"), status, await left(gitlab)];
    },
    expected: [true, 204, [0, 0]],
  },
  {
    id: "del-09",
    call: runners,
    given: "a runner without managers",
    observe: async (gitlab) => {
      const { token } = await runnerWith(gitlab);
      await gitlab.status(runners, { token });
      const { events } = await gitlab.controls.events();
      return events.filter(({ kind }) => kind === "manager");
    },
    expected: [],
  },
]);

/** `DELETE /runners/managers`: one process leaves. */
export const managerRemovalCases = cases([
  {
    id: "dlm-01",
    call: managers,
    given: "a manager",
    observe: async (gitlab) => {
      const { token } = await runnerWith(gitlab, A);
      const { status, text } = await gitlab.api(managers, { token, system_id: A });
      return [status, text, await left(gitlab)];
    },
    expected: [204, "", [1, 0]],
  },
  {
    id: "dlm-02",
    call: managers,
    given: "an unknown system ID",
    observe: async (gitlab) => {
      const { token } = await runnerWith(gitlab, A);
      return gitlab.ask(managers, { token, system_id: B });
    },
    expected: UNKNOWN,
  },
  {
    id: "dlm-04",
    call: managers,
    given: "no system ID",
    observe: async (gitlab) => gitlab.ask(managers, { token: (await runnerWith(gitlab, A)).token }),
    expected: error("system_id is missing"),
  },
  {
    id: "dlm-06",
    call: managers,
    given: "neither token nor system ID",
    observe: (gitlab) => gitlab.ask(managers, {}),
    expected: error("token is missing, system_id is missing"),
  },
  {
    id: "dlm-07",
    call: managers,
    given: "an unknown token",
    observe: (gitlab) => gitlab.ask(managers, { token: "glrt-unknown", system_id: A }),
    expected: FORBIDDEN,
  },
  {
    id: "dlm-08",
    call: managers,
    given: "a second time",
    observe: async (gitlab) => {
      const { token } = await runnerWith(gitlab, A);
      await gitlab.status(managers, { token, system_id: A });
      return gitlab.ask(managers, { token, system_id: A });
    },
    expected: UNKNOWN,
  },
  {
    id: "dlm-09",
    call: managers,
    given: "the last manager",
    observe: async (gitlab) => {
      const { token } = await runnerWith(gitlab, A);
      await gitlab.status(managers, { token, system_id: A });
      return contactedAt(gitlab);
    },
    expected: null,
  },
  {
    id: "dlm-10",
    call: managers,
    given: "one of two managers",
    observe: async (gitlab) => {
      const { token } = await runnerWith(gitlab, A, B);
      await gitlab.status(managers, { token, system_id: A });
      return typeof (await contactedAt(gitlab));
    },
    expected: "number",
  },
  {
    id: "dlm-11",
    call: managers,
    given: "the condition that nothing has changed for years",
    observe: async (gitlab) => {
      const { token } = await runnerWith(gitlab, A);
      return [await gitlab.ask(managers, { token, system_id: A }, LONG_AGO), await left(gitlab)];
    },
    expected: [FAILED, [1, 1]],
  },
  {
    id: "dlm-12",
    call: managers,
    given: "a token that has expired",
    observe: async (gitlab) => {
      await gitlab.controls.setSwitches({ runnerTokenLifeSeconds: 60 });
      const { token } = await runnerWith(gitlab, A);
      await gitlab.controls.advanceClock({ ms: 60_000 });
      return gitlab.ask(managers, { token, system_id: A });
    },
    expected: FORBIDDEN,
  },
  {
    id: "dlm-13",
    call: managers,
    given: "a verify with the same system ID after it",
    observe: async (gitlab) => {
      const { token } = await runnerWith(gitlab, A);
      await gitlab.status(managers, { token, system_id: A });
      await gitlab.status("POST /runners/verify", { token, system_id: A });
      return (await gitlab.controls.managers()).map(({ id, systemId }) => [id, systemId]);
    },
    expected: [[2, A]],
  },
  {
    id: "dlm-14",
    call: managers,
    given: "the token of another runner",
    observe: async (gitlab) => {
      await runnerWith(gitlab, A);
      const { token } = await runnerWith(gitlab, B);
      return gitlab.ask(managers, { token, system_id: A });
    },
    expected: UNKNOWN,
  },
  {
    id: "dlm-15",
    call: managers,
    given: "no such manager",
    observe: async (gitlab) => {
      const { token } = await runnerWith(gitlab);
      await gitlab.status(managers, { token, system_id: A });
      return [await left(gitlab), await contactedAt(gitlab)];
    },
    expected: [[1, 0], null],
  },
  {
    id: "dlm-16",
    call: managers,
    given: "a manager that runs a job",
    observe: async (gitlab) => {
      const { token, jobId, jobToken } = await gitlab.running();
      const removed = await gitlab.status(managers, { token, system_id: "r_000000000001" });
      const range = { "job-token": jobToken, "content-range": "0-1" };
      return [
        removed,
        await gitlab.status(`PATCH /jobs/${jobId}/trace`, Buffer.from("ab"), range),
        await gitlab.status(`PUT /jobs/${jobId}`, { token: jobToken, state: "success" }),
      ];
    },
    expected: [204, 202, 200],
  },
  {
    id: "dlm-17",
    call: managers,
    given: "the parameters in the query, or in a form",
    observe: async (gitlab) => {
      const { token } = await runnerWith(gitlab, A, B);
      const query = new URLSearchParams({ token, system_id: A }).toString();
      const { events } = await gitlab.controls.events();
      return [
        await gitlab.status(`DELETE /runners/managers?${query}`),
        await gitlab.status(managers, form({ token, system_id: B }), AS_FORM),
        JSON.stringify(events).includes(token),
      ];
    },
    expected: [204, 204, false],
  },
]);
