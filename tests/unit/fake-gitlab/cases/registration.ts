import { AS_FORM, error, form, has, like, message, TEXT, cases, type World } from "./world";

const call = "POST /runners";
const DISALLOWED = message(410, "410 Gone - runner registration disallowed");
const INVALID = message(403, "403 Forbidden - invalid token supplied");

/**
 * Registers a runner of the instance.
 * @returns the answer and the only runner as administrators see it
 */
async function register(gitlab: World, fields: object): Promise<readonly unknown[]> {
  const token = await gitlab.registrationToken();
  const status = await gitlab.status(call, { token, ...fields });
  const [runner] = await gitlab.controls.runners();
  if (runner === undefined) return [status];
  const headers = await gitlab.token();
  const [, details] = await gitlab.ask(`GET /runners/${runner.id}`, undefined, headers);
  return [status, details];
}

async function registerOf(gitlab: World, owner: string): Promise<readonly unknown[]> {
  const token = await gitlab.registrationToken(owner);
  const status = await gitlab.status(call, { token });
  const [runner] = await gitlab.controls.runners();
  return [status, runner?.type, runner?.groupId, runner?.projectIds];
}

async function refusedOf(gitlab: World, owner: string): Promise<readonly unknown[]> {
  return gitlab.ask(call, { token: await gitlab.registrationToken(owner) });
}

/** `POST /runners`: registration with a registration token. */
export const registrationCases = cases([
  {
    id: "reg-02",
    call,
    given: "an unknown token, registration tokens on",
    observe: async (gitlab) => {
      await gitlab.registrationToken();
      return gitlab.ask(call, { token: "GR1348941unknown" });
    },
    expected: INVALID,
  },
  {
    id: "reg-03",
    call,
    given: "an unknown token, registration tokens off",
    observe: (gitlab) => gitlab.ask(call, { token: "GR1348941unknown" }),
    expected: DISALLOWED,
  },
  {
    id: "reg-04",
    call,
    given: "the instance's token, registration tokens off",
    observe: async (gitlab) => {
      const token = await gitlab.registrationToken();
      await gitlab.controls.setSwitches({ registrationAllowed: false });
      return gitlab.ask(call, { token });
    },
    expected: DISALLOWED,
  },
  {
    id: "reg-05",
    call,
    given: "the instance's token",
    observe: async (gitlab) => gitlab.ask(call, { token: await gitlab.registrationToken() }),
    expected: [201, { id: 1, token: TEXT, token_expires_at: null }],
  },
  {
    id: "reg-06",
    call,
    given: "a group's token",
    observe: (gitlab) => registerOf(gitlab, "group:1"),
    expected: [201, "group_type", 1, []],
  },
  {
    id: "reg-07",
    call,
    given: "a project's token",
    observe: (gitlab) => registerOf(gitlab, "project:1"),
    expected: [201, "project_type", null, [1]],
  },
  {
    id: "reg-08",
    call,
    given: "every setting, the tags as one text",
    observe: (gitlab) =>
      register(gitlab, {
        tag_list: "tag1, tag2",
        locked: true,
        run_untagged: false,
        access_level: "ref_protected",
        maximum_timeout: 9000,
        maintenance_note: "note",
        description: "pool",
        paused: true,
      }),
    expected: [
      201,
      has({
        tag_list: ["tag1", "tag2"],
        locked: true,
        run_untagged: false,
        access_level: "ref_protected",
        maximum_timeout: 9000,
        maintenance_note: "note",
        description: "pool",
        paused: true,
      }),
    ],
  },
  {
    id: "reg-09",
    call,
    given: "the note under its older name",
    observe: (gitlab) => register(gitlab, { maintainer_note: "older" }),
    expected: [201, has({ maintenance_note: "older" })],
  },
  {
    id: "reg-10",
    call,
    given: "active: false",
    observe: (gitlab) => register(gitlab, { active: false }),
    expected: [201, has({ paused: true, active: false })],
  },
  {
    id: "reg-11",
    call,
    given: "active and paused together",
    observe: async (gitlab) =>
      gitlab.ask(call, { token: await gitlab.registrationToken(), active: true, paused: false }),
    expected: error("active, paused are mutually exclusive"),
  },
  {
    id: "reg-13",
    call,
    given: "51 tags",
    observe: async (gitlab) => {
      const tag_list = Array.from({ length: 51 }, (_, n) => `tag${n}`);
      return gitlab.ask(call, { token: await gitlab.registrationToken(), tag_list });
    },
    expected: [
      400,
      {
        message: {
          tags_list: ["Too many tags specified. Please limit the number of tags to 50"],
        },
      },
    ],
  },
  {
    id: "reg-14",
    call,
    given: "20 tags as a list",
    observe: async (gitlab) => {
      const tag_list = Array.from({ length: 20 }, (_, n) => `tag${n}`);
      await register(gitlab, { tag_list });
      return (await gitlab.controls.runners())[0]?.tags.length;
    },
    expected: 20,
  },
  {
    id: "reg-16",
    call,
    given: "the runner information",
    observe: async (gitlab) => {
      await register(gitlab, { info: { name: "n", version: "19.4.0", platform: "linux" } });
      return gitlab.controls.managers();
    },
    expected: [],
  },
  {
    id: "reg-17",
    call,
    given: "the status right after registration",
    observe: (gitlab) => register(gitlab, {}),
    expected: [201, has({ status: "never_contacted", online: false })],
  },
  {
    id: "reg-18",
    call,
    given: "a timeout of 100 s",
    observe: async (gitlab) =>
      gitlab.ask(call, { token: await gitlab.registrationToken(), maximum_timeout: 100 }),
    expected: [400, { message: { maximum_timeout: ["needs to be at least 10 minutes"] } }],
  },
  {
    id: "reg-20",
    call,
    given: "runner tokens that expire",
    observe: async (gitlab) => {
      await gitlab.controls.setSwitches({ runnerTokenLifeSeconds: 86_400 });
      return gitlab.ask(call, { token: await gitlab.registrationToken() });
    },
    expected: [201, has({ token_expires_at: "2026-11-25T12:00:00.000Z" })],
  },
  {
    id: "reg-21",
    call,
    given: "the token that comes back",
    observe: async (gitlab) => gitlab.ask(call, { token: await gitlab.registrationToken() }),
    expected: [201, has({ token: like(/^(?!glrt-)/) })],
  },
  {
    id: "reg-22",
    call,
    given: "an empty token, registration tokens off",
    observe: (gitlab) => gitlab.ask(call, { token: "" }),
    expected: INVALID,
  },
  {
    id: "reg-23",
    call,
    given: "a name in the runner information",
    observe: (gitlab) => register(gitlab, { info: { name: "gitlab-runner" } }),
    expected: [201, has({ name: "gitlab-runner" })],
  },
  {
    id: "reg-25",
    call,
    given: "a form",
    observe: async (gitlab) =>
      gitlab.status(call, form({ token: await gitlab.registrationToken() }), AS_FORM),
    expected: 201,
  },
  {
    id: "reg-26",
    call,
    given: "migrations of GitLab's database",
    observe: async (gitlab) => {
      await gitlab.controls.setSwitches({ databaseMigrations: true });
      const { status, json, headers } = await gitlab.api(call, { token: "any" });
      return [
        [status, json, headers["retry-after"]],
        await gitlab.status("DELETE /runners/managers", { token: "any", system_id: "any" }),
        await gitlab.status("GET /version", undefined, await gitlab.token()),
      ];
    },
    expected: [
      [429, { message: "Executing database migrations. Please retry later." }, "60"],
      429,
      200,
    ],
  },
  {
    id: "reg-27",
    call,
    given: "a group at the top that forbids registration tokens",
    observe: async (gitlab) => {
      await gitlab.controls.createGroup({ path: "ci", registrationAllowed: false });
      const of = (owner: string): Promise<readonly unknown[]> => refusedOf(gitlab, owner);
      return [await of("group:1"), await of("project:1"), (await of("instance"))[0]];
    },
    expected: [DISALLOWED, DISALLOWED, 201],
  },
  {
    id: "reg-28",
    call,
    given: "a kind of token that does not count, registration tokens on and off",
    observe: async (gitlab) => {
      await gitlab.controls.setSwitches({ registrars: ["project"] });
      const on = await refusedOf(gitlab, "group:1");
      await gitlab.controls.setSwitches({ registrationAllowed: false });
      const { token } = await gitlab.controls.registrationToken({ owner: "group:1" });
      return [on, await gitlab.ask(call, { token })];
    },
    expected: [INVALID, DISALLOWED],
  },
]);
