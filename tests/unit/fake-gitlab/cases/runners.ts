import { DEVELOPER, has, keys, MAINTAINER, message, OF_GROUP, OF_PROJECT, cases } from "./world";

const get = "GET /runners/:id";
const DENIED = message(403, "403 Forbidden - No access granted");
const UNKNOWN = message(404, "404 Runner Not Found");

const FIELDS = (
  "id description ip_address active paused is_shared runner_type name online status tag_list " +
  "run_untagged locked maximum_timeout access_level version revision platform architecture " +
  "contacted_at maintenance_note projects groups"
).split(" ");

/** `GET /runners/:id`: who may see a runner, and what of it. */
export const runnerCases = cases([
  {
    id: "run-01",
    call: get,
    given: "its fields",
    observe: async (gitlab) => {
      await gitlab.controls.createRunner({});
      const [, body] = await gitlab.ask("GET /runners/1", undefined, await gitlab.token());
      const names = keys(body);
      return FIELDS.filter((name) => !names.includes(name));
    },
    expected: [],
  },
  {
    id: "run-02",
    call: get,
    given: "its token",
    observe: async (gitlab) => {
      const { token } = await gitlab.controls.createRunner({});
      const { text } = await gitlab.api("GET /runners/1", undefined, await gitlab.token());
      return [text.includes(token), text.includes('"token"')];
    },
    expected: [false, false],
  },
  {
    id: "run-03",
    call: get,
    given: "its address after a poll",
    observe: async (gitlab) => {
      const { token } = await gitlab.controls.createRunner({});
      await gitlab.poll(token);
      return gitlab.ask("GET /runners/1", undefined, await gitlab.token());
    },
    expected: [200, has({ ip_address: null })],
  },
  {
    id: "run-04",
    call: get,
    given: "an unknown number",
    observe: async (gitlab) => gitlab.ask("GET /runners/99", undefined, await gitlab.token()),
    expected: UNKNOWN,
  },
  {
    id: "run-05",
    call: get,
    given: "somebody else's project runner",
    observe: async (gitlab) => {
      await gitlab.controls.createRunner(OF_PROJECT);
      const headers = await gitlab.token({ username: "stranger" });
      return gitlab.ask("GET /runners/1", undefined, headers);
    },
    expected: DENIED,
  },
  {
    id: "run-06",
    call: get,
    given: "an instance runner, any user",
    observe: async (gitlab) => {
      await gitlab.controls.createRunner({});
      const headers = await gitlab.token({ username: "stranger" });
      return gitlab.status("GET /runners/1", undefined, headers);
    },
    expected: 200,
  },
  {
    id: "run-07",
    call: get,
    given: "the note, for who may change the runner and for others",
    observe: async (gitlab) => {
      const body = { runner_type: "instance_type", maintenance_note: "note" };
      await gitlab.ask("POST /user/runners", body, await gitlab.token());
      const stranger = await gitlab.token({ username: "stranger" });
      return [
        await gitlab.ask("GET /runners/1", undefined, await gitlab.token()),
        await gitlab.ask("GET /runners/1", undefined, stranger),
      ];
    },
    expected: [
      [200, has({ maintenance_note: "note" })],
      [200, has({ maintenance_note: null })],
    ],
  },
  {
    id: "run-08",
    call: get,
    given: "scopes",
    observe: async (gitlab) => {
      await gitlab.controls.createRunner({});
      const as = async (scope: string): Promise<number> =>
        gitlab.status("GET /runners/1", undefined, await gitlab.token({ scopes: [scope] }));
      return [await as("manage_runner"), await as("read_api"), await as("create_runner")];
    },
    expected: [200, 200, 403],
  },
  {
    id: "run-09",
    call: get,
    given: "a group runner, a Maintainer of the group",
    observe: async (gitlab) => {
      await gitlab.controls.createRunner(OF_GROUP);
      const headers = await gitlab.member(MAINTAINER, "group");
      return gitlab.status("GET /runners/1", undefined, headers);
    },
    expected: 200,
  },
  {
    id: "run-10",
    call: get,
    given: "a group runner, a Maintainer and a Developer of a project below",
    observe: async (gitlab) => {
      await gitlab.controls.createRunner(OF_GROUP);
      return [
        await gitlab.status("GET /runners/1", undefined, await gitlab.member(MAINTAINER)),
        await gitlab.status("GET /runners/1", undefined, await gitlab.member(DEVELOPER)),
      ];
    },
    expected: [200, 403],
  },
  {
    id: "run-12",
    call: get,
    given: "without projects",
    observe: async (gitlab) => {
      await gitlab.controls.createRunner(OF_PROJECT);
      const headers = await gitlab.token();
      const [, body] = await gitlab.ask(
        "GET /runners/1?include_projects=false",
        undefined,
        headers,
      );
      return keys(body).includes("projects");
    },
    expected: false,
  },
  {
    id: "run-13",
    call: get,
    given: "no token",
    observe: (gitlab) => gitlab.status("GET /runners/1"),
    expected: 401,
  },
  {
    id: "run-14",
    call: get,
    given: "a text in place of the number",
    observe: async (gitlab) => gitlab.ask("GET /runners/one", undefined, await gitlab.token()),
    expected: [400, { error: "id is invalid" }],
  },
]);
