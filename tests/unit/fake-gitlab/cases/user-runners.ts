import {
  DEVELOPER,
  error,
  has,
  keys,
  like,
  message,
  OWNER,
  TEXT,
  cases,
  type World,
} from "./world";

const call = "POST /user/runners";
const INSTANCE = { runner_type: "instance_type" };
const GROUP = { runner_type: "group_type", group_id: 1 };
const PROJECT = { runner_type: "project_type", project_id: 1 };
const DENIED = message(403, "403 Forbidden - Insufficient permissions");
const NO_TAGS = "Tags list can not be empty when runner is not allowed to pick untagged jobs";

/** An administrator makes a runner. */
async function make(gitlab: World, fields: object): Promise<readonly unknown[]> {
  return gitlab.ask(call, fields, await gitlab.token());
}

/** The only runner, as an administrator sees it. */
async function made(gitlab: World): Promise<unknown> {
  return (await gitlab.ask("GET /runners/1", undefined, await gitlab.token()))[1];
}

/** `POST /user/runners`: a user makes a runner. */
export const userRunnerCases = cases([
  {
    id: "usr-01",
    call,
    given: "a group's Owner with a token of the one scope",
    observe: async (gitlab) =>
      gitlab.status(
        call,
        GROUP,
        await gitlab.member(OWNER, "group", { scopes: ["create_runner"] }),
      ),
    expected: 201,
  },
  {
    id: "usr-02",
    call,
    given: "the answer",
    observe: async (gitlab) => {
      const [, body] = await make(gitlab, INSTANCE);
      return [keys(body), (body as { token: string }).token];
    },
    expected: [["id", "token", "token_expires_at"], like(/^glrt-/)],
  },
  {
    id: "usr-03",
    call,
    given: "a token that only reads",
    observe: async (gitlab) =>
      gitlab.ask(call, INSTANCE, await gitlab.token({ scopes: ["read_api"] })),
    expected: [403, has({ error: "insufficient_scope" })],
  },
  {
    id: "usr-05",
    call,
    given: "the token in the query",
    observe: async (gitlab) => {
      const { "private-token": token = "" } = await gitlab.token();
      return gitlab.status(`POST /user/runners?private_token=${token}`, INSTANCE);
    },
    expected: 201,
  },
  {
    id: "usr-08",
    call,
    given: "a project's Developer, for the project",
    observe: async (gitlab) => gitlab.ask(call, PROJECT, await gitlab.member(DEVELOPER)),
    expected: DENIED,
  },
  {
    id: "usr-09",
    call,
    given: "no administrator, for the instance",
    observe: async (gitlab) => gitlab.ask(call, INSTANCE, await gitlab.member(OWNER, "group")),
    expected: DENIED,
  },
  {
    id: "usr-10",
    call,
    given: "no kind",
    observe: (gitlab) => make(gitlab, {}),
    expected: error("runner_type is missing, runner_type does not have a valid value"),
  },
  {
    id: "usr-11",
    call,
    given: "an unknown kind",
    observe: (gitlab) => make(gitlab, { runner_type: "bogus" }),
    expected: error("runner_type does not have a valid value"),
  },
  {
    id: "usr-12",
    call,
    given: "a group runner without a group",
    observe: (gitlab) => make(gitlab, { runner_type: "group_type" }),
    expected: error("group_id is missing"),
  },
  {
    id: "usr-14",
    call,
    given: "an unknown group",
    observe: (gitlab) => make(gitlab, { ...GROUP, group_id: 99 }),
    expected: message(400, "400 Bad request - Missing/invalid group"),
  },
  {
    id: "usr-15",
    call,
    given: "an unknown project",
    observe: (gitlab) => make(gitlab, { ...PROJECT, project_id: 99 }),
    expected: [400, { message: like(/^400 Bad request - /) }],
  },
  {
    id: "usr-17",
    call,
    given: "neither tags nor untagged jobs",
    observe: (gitlab) => make(gitlab, { ...INSTANCE, run_untagged: false }),
    expected: message(400, `400 Bad request - ${NO_TAGS}`),
  },
  {
    id: "usr-18",
    call,
    given: "two problems at once",
    observe: (gitlab) => make(gitlab, { ...INSTANCE, run_untagged: false, maximum_timeout: 100 }),
    expected: message(
      400,
      `400 Bad request - ${NO_TAGS} and Maximum timeout needs to be at least 10 minutes`,
    ),
  },
  {
    id: "usr-19",
    call,
    given: "settings",
    observe: async (gitlab) => {
      const fields = {
        paused: true,
        tag_list: ["a", "b"],
        maintenance_note: "note",
        maximum_timeout: 7200,
      };
      await make(gitlab, { ...INSTANCE, ...fields });
      return made(gitlab);
    },
    expected: has({
      paused: true,
      tag_list: ["a", "b"],
      maintenance_note: "note",
      maximum_timeout: 7200,
    }),
  },
  {
    id: "usr-20",
    call,
    given: "the tags as one text",
    observe: async (gitlab) => {
      await make(gitlab, { ...INSTANCE, tag_list: "a,b" });
      return made(gitlab);
    },
    expected: has({ tag_list: ["a", "b"] }),
  },
  {
    id: "usr-21",
    call,
    given: "an end of the token in 4 minutes, and in 16 days",
    observe: async (gitlab) => [
      await make(gitlab, { ...INSTANCE, token_expires_at: "2026-11-24T12:04:00Z" }),
      await make(gitlab, { ...INSTANCE, token_expires_at: "2026-12-10T12:00:00Z" }),
    ],
    expected: [
      [400, { error: like(/^token_expires_at must be at least/) }],
      [400, { error: like(/^token_expires_at must be at most/) }],
    ],
  },
  {
    id: "usr-22",
    call,
    given: "an end of the token in 10 days",
    observe: (gitlab) => make(gitlab, { ...INSTANCE, token_expires_at: "2026-12-04T12:00:00Z" }),
    expected: [201, { id: 1, token: TEXT, token_expires_at: "2026-12-04T12:00:00.000Z" }],
  },
  {
    id: "usr-23",
    call,
    given: "an end of renewing, without an end of the token",
    observe: (gitlab) =>
      make(gitlab, { ...INSTANCE, token_rotation_deadline: "2026-12-04T12:00:00Z" }),
    expected: [400, { error: like(/^token_expires_at is required/) }],
  },
  {
    id: "usr-24",
    call,
    given: "an access token that was revoked",
    observe: async (gitlab) => {
      const { id, token } = await gitlab.controls.createPersonalAccessToken({});
      await gitlab.controls.revokePersonalAccessToken({ id });
      return gitlab.ask(call, INSTANCE, { "private-token": token });
    },
    expected: [401, has({ error: "invalid_token" })],
  },
  {
    id: "usr-25",
    call,
    given: "Admin Mode, an administrator's token without and with its scope",
    observe: async (gitlab) => {
      await gitlab.controls.setSwitches({ adminMode: true });
      const without = await gitlab.ask(call, INSTANCE, await gitlab.token());
      const scopes = ["api", "admin_mode"];
      return [without, await gitlab.status(call, INSTANCE, await gitlab.token({ scopes }))];
    },
    expected: [DENIED, 201],
  },
]);
