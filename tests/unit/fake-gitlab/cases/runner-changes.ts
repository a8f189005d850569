import { has, MAINTAINER, message, OF_GROUP, OF_PROJECT, OWNER, TEXT, cases } from "./world";

const get = "GET /runners/:id";
const put = "PUT /runners/:id";
const remove = "DELETE /runners/:id";
const reset = "POST /runners/:id/reset_authentication_token";
const UNKNOWN = message(404, "404 Runner Not Found");
const NARROW = [403, has({ error: "insufficient_scope" })];

/** What users change of a runner. */
export const runnerChangeCases = cases([
  {
    id: "run-15",
    call: put,
    given: "nothing to change",
    observe: async (gitlab) => {
      await gitlab.controls.createRunner({});
      return gitlab.ask("PUT /runners/1", {}, await gitlab.token());
    },
    expected: [400, { error: TEXT }],
  },
  {
    id: "run-16",
    call: put,
    given: "a description",
    observe: async (gitlab) => {
      await gitlab.controls.createRunner({});
      return gitlab.ask("PUT /runners/1", { description: "new" }, await gitlab.token());
    },
    expected: [200, has({ id: 1, description: "new", projects: [] })],
  },
  {
    id: "run-17",
    call: put,
    given: "paused and active together",
    observe: async (gitlab) => {
      await gitlab.controls.createRunner({});
      return gitlab.status("PUT /runners/1", { paused: true, active: true }, await gitlab.token());
    },
    expected: 400,
  },
  {
    id: "run-22",
    call: remove,
    given: "a token of the scope that made the runner",
    observe: async (gitlab) => {
      const headers = await gitlab.token({ scopes: ["create_runner"] });
      await gitlab.ask("POST /user/runners", { runner_type: "instance_type" }, headers);
      return [
        await gitlab.ask("DELETE /runners/1", undefined, headers),
        await gitlab.ask("PUT /runners/1", { description: "new" }, headers),
      ];
    },
    expected: [NARROW, NARROW],
  },
  {
    id: "run-23",
    call: get,
    given: "a token of the scope that made the runner",
    observe: async (gitlab) => {
      const headers = await gitlab.token({ scopes: ["create_runner"] });
      await gitlab.ask("POST /user/runners", { runner_type: "instance_type" }, headers);
      return gitlab.ask("GET /runners/1", undefined, headers);
    },
    expected: NARROW,
  },
  {
    id: "run-24",
    call: remove,
    given: "an administrator",
    observe: async (gitlab) => {
      await gitlab.controls.createRunner({});
      return gitlab.status("DELETE /runners/1", undefined, await gitlab.token());
    },
    expected: 204,
  },
  {
    id: "run-25",
    call: remove,
    given: "an unknown number",
    observe: async (gitlab) => gitlab.ask("DELETE /runners/1", undefined, await gitlab.token()),
    expected: UNKNOWN,
  },
  {
    id: "run-26",
    call: remove,
    given: "a group runner, the group's Maintainer and its Owner",
    observe: async (gitlab) => {
      await gitlab.controls.createRunner(OF_GROUP);
      const as = async (level: number): Promise<number> =>
        gitlab.status("DELETE /runners/1", undefined, await gitlab.member(level, "group"));
      return [await as(MAINTAINER), await as(OWNER)];
    },
    expected: [403, 204],
  },
  {
    id: "run-29",
    call: remove,
    given: "a runner of two projects, no administrator",
    observe: async (gitlab) => {
      await gitlab.controls.createProject({ path: "ci/other" });
      await gitlab.controls.createRunner(OF_PROJECT);
      const headers = await gitlab.member(MAINTAINER, "group");
      await gitlab.status("POST /projects/ci%2Fother/runners", { runner_id: 1 }, headers);
      return gitlab.ask("DELETE /runners/1", undefined, headers);
    },
    expected: message(403, "403 Forbidden - Runner associated with more than one project"),
  },
  {
    id: "run-30",
    call: reset,
    given: "the group's Owner and Maintainer, an unknown number, no token",
    observe: async (gitlab) => {
      await gitlab.controls.createRunner(OF_GROUP);
      const path = "POST /runners/1/reset_authentication_token";
      return [
        await gitlab.status(path, {}, await gitlab.member(OWNER, "group")),
        await gitlab.status(path, {}, await gitlab.member(MAINTAINER, "group")),
        await gitlab.status(
          "POST /runners/99/reset_authentication_token",
          {},
          await gitlab.token(),
        ),
        await gitlab.status(path, {}),
      ];
    },
    expected: [201, 403, 404, 401],
  },
  {
    id: "run-31",
    call: reset,
    given: "the body null, as gitlab-runner sends it",
    observe: async (gitlab) => {
      await gitlab.controls.createRunner({});
      const path = "POST /runners/1/reset_authentication_token";
      return gitlab.status(path, null, await gitlab.token());
    },
    expected: 201,
  },
]);
