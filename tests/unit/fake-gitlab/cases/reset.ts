import { error, keys, OF_GROUP, TEXT, cases } from "./world";

const call = "POST /runners/reset_authentication_token";

/** `POST /runners/reset_authentication_token`: a runner renews its own token. */
export const resetCases = cases([
  {
    id: "rst-01",
    call,
    given: "no token",
    observe: (gitlab) => gitlab.ask(call, {}),
    expected: error("token is missing"),
  },
  {
    id: "rst-02",
    call,
    given: "an unknown token",
    observe: (gitlab) => gitlab.status(call, { token: "glrt-unknown" }),
    expected: 403,
  },
  {
    id: "rst-03",
    call,
    given: "a runner's token",
    observe: async (gitlab) => {
      const { token } = await gitlab.controls.createRunner(OF_GROUP);
      const [status, body] = await gitlab.ask(call, { token });
      return [status, keys(body), await gitlab.status("POST /runners/verify", { token })];
    },
    expected: [201, ["token", "token_expires_at"], 403],
  },
  {
    id: "rst-05",
    call,
    given: "no system ID, as gitlab-runner sends it",
    observe: async (gitlab) => {
      const { token } = await gitlab.controls.createRunner({});
      await gitlab.status(call, { token });
      return (await gitlab.controls.managers()).map(({ systemId }) => systemId);
    },
    expected: ["<legacy>"],
  },
  {
    id: "rst-07",
    call,
    given: "the end of the time in which the token may be renewed",
    observe: async (gitlab) => {
      const body = {
        runner_type: "instance_type",
        token_expires_at: "2026-11-25T12:00:00Z",
        token_rotation_deadline: "2026-11-24T13:00:00Z",
      };
      const [, made] = await gitlab.ask("POST /user/runners", body, await gitlab.token());
      await gitlab.controls.advanceClock({ ms: 3_600_001 });
      return gitlab.ask(call, { token: (made as { token: string }).token });
    },
    expected: [422, { message: TEXT }],
  },
]);
