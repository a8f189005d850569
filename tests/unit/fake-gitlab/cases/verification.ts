import { AS_FORM, error, FORBIDDEN, form, message, OF_GROUP, OF_PROJECT, cases } from "./world";

const call = "POST /runners/verify";
const A = "r_00000000000a";
const ORPHANED = message(403, "403 Forbidden - Runner is orphaned");

/** `POST /runners/verify`: a runner asks whether its token counts. */
export const verificationCases = cases([
  {
    id: "ver-01",
    call,
    given: "no token",
    observe: (gitlab) => gitlab.ask(call, {}),
    expected: error("token is missing"),
  },
  {
    id: "ver-02",
    call,
    given: "an unknown token",
    observe: (gitlab) => gitlab.ask(call, { token: "glrt-unknown" }),
    expected: FORBIDDEN,
  },
  {
    id: "ver-03",
    call,
    given: "the token of a runner that a user made",
    observe: async (gitlab) => {
      const { id, token } = await gitlab.controls.createRunner({});
      const [status, body] = await gitlab.ask(call, { token });
      return [
        status,
        JSON.stringify(body) === JSON.stringify({ id, token, token_expires_at: null }),
      ];
    },
    expected: [200, true],
  },
  {
    id: "ver-04",
    call,
    given: "a token that expires in 10 days",
    observe: async (gitlab) => {
      await gitlab.controls.setSwitches({ runnerTokenLifeSeconds: 864_000 });
      const { token } = await gitlab.controls.createRunner({});
      const [status, body] = await gitlab.ask(call, { token });
      return [status, (body as { token_expires_at: unknown }).token_expires_at];
    },
    expected: [200, "2026-12-04T12:00:00.000Z"],
  },
  {
    id: "ver-05",
    call,
    given: "a system ID",
    observe: async (gitlab) => {
      const { token } = await gitlab.controls.createRunner({});
      await gitlab.status(call, { token, system_id: A });
      return (await gitlab.controls.managers()).map(({ systemId }) => systemId);
    },
    expected: [A],
  },
  {
    id: "ver-06",
    call,
    given: "the same system ID twice",
    observe: async (gitlab) => {
      const { token } = await gitlab.controls.createRunner({});
      for (let n = 0; n < 2; n += 1) await gitlab.status(call, { token, system_id: A });
      return (await gitlab.controls.managers()).map(({ id }) => id);
    },
    expected: [1],
  },
  {
    id: "ver-07",
    call,
    given: "no system ID",
    observe: async (gitlab) => {
      const { token } = await gitlab.controls.createRunner({});
      const status = await gitlab.status(call, { token });
      return [status, (await gitlab.controls.managers())[0]?.systemId];
    },
    expected: [200, "<legacy>"],
  },
  {
    id: "ver-08",
    call,
    given: "a token that has expired",
    observe: async (gitlab) => {
      await gitlab.controls.setSwitches({ runnerTokenLifeSeconds: 60 });
      const { token } = await gitlab.controls.createRunner({});
      await gitlab.controls.advanceClock({ ms: 60_000 });
      return gitlab.ask(call, { token });
    },
    expected: FORBIDDEN,
  },
  {
    id: "ver-09",
    call,
    given: "the type of the answer",
    observe: async (gitlab) => {
      const { token } = await gitlab.controls.createRunner({});
      return (await gitlab.api(call, { token })).headers["content-type"];
    },
    expected: "application/json",
  },
  {
    id: "ver-10",
    call,
    given: "the runner information",
    observe: async (gitlab) => {
      const { token } = await gitlab.controls.createRunner({});
      const info = { version: "19.4.0", platform: "linux", architecture: "arm64", revision: "abc" };
      await gitlab.status(call, { token, system_id: A, info });
      const [manager] = await gitlab.controls.managers();
      return [manager?.version, manager?.platform, manager?.architecture, manager?.revision];
    },
    expected: ["19.4.0", "linux", "arm64", "abc"],
  },
  {
    id: "ver-11",
    call,
    given: "a form",
    observe: async (gitlab) => {
      const { token } = await gitlab.controls.createRunner({});
      return gitlab.status(call, form({ token }), AS_FORM);
    },
    expected: 200,
  },
  {
    id: "ver-12",
    call,
    given: "a runner that never polled",
    observe: async (gitlab) => {
      const { token } = await gitlab.controls.createRunner({});
      await gitlab.status(call, { token, system_id: A });
      return [
        (await gitlab.controls.runners())[0]?.status,
        (await gitlab.controls.managers())[0]?.status,
      ];
    },
    expected: ["online", "online"],
  },
  {
    id: "ver-14",
    call,
    given: "a runner that was deleted",
    observe: async (gitlab) => {
      const { id: runnerId, token } = await gitlab.controls.createRunner({});
      await gitlab.controls.deleteRunner({ runnerId });
      return gitlab.ask(call, { token });
    },
    expected: FORBIDDEN,
  },
  {
    id: "ver-15",
    call,
    given: "runners whose group and project are gone",
    observe: async (gitlab) => {
      const ofGroup = await gitlab.controls.createRunner(OF_GROUP);
      const ofProject = await gitlab.controls.createRunner(OF_PROJECT);
      await gitlab.controls.deleteProject({ id: 1 });
      const project = await gitlab.ask(call, { token: ofProject.token });
      await gitlab.controls.deleteGroup({ id: 1 });
      return [project, await gitlab.ask(call, { token: ofGroup.token })];
    },
    expected: [ORPHANED, ORPHANED],
  },
  {
    id: "ver-16",
    call,
    given: "system IDs of 64 and 65 characters",
    observe: async (gitlab) => {
      const { token } = await gitlab.controls.createRunner({});
      const fits = await gitlab.status(call, { token, system_id: "x".repeat(64) });
      const tooLong = await gitlab.status(call, { token, system_id: "x".repeat(65) });
      return [fits, tooLong, (await gitlab.controls.managers()).length];
    },
    expected: [200, 500, 1],
  },
  {
    id: "ver-17",
    call,
    given: "an empty system ID",
    observe: async (gitlab) => {
      const { token } = await gitlab.controls.createRunner({});
      const status = await gitlab.status(call, { token, system_id: "" });
      return [status, (await gitlab.controls.managers()).length];
    },
    expected: [500, 0],
  },
  {
    id: "ver-18",
    call,
    given: "a paused runner",
    observe: async (gitlab) => {
      const { token } = await gitlab.controls.createRunner({ paused: true });
      return gitlab.status(call, { token });
    },
    expected: 200,
  },
]);
