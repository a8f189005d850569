import { fill, ids } from "./runner-places";
import { MAINTAINER, OF_PROJECT, OWNER, TEXT, cases } from "./world";

const places = "GET /projects/:id/runners";
const assign = "POST /projects/:id/runners";

/** The runners of a project and a group. */
export const placeRunnerCases = cases([
  {
    id: "lst-26",
    call: places,
    given: "a project's Maintainer",
    observe: async (gitlab) => {
      await fill(gitlab);
      return ids(gitlab, "/projects/ci%2Fdemo/runners", await gitlab.member(MAINTAINER));
    },
    expected: [1, 2, 3],
  },
  {
    id: "lst-28",
    call: "GET /groups/:id/runners",
    given: "a group's Owner",
    observe: async (gitlab) => {
      await fill(gitlab);
      return ids(gitlab, "/groups/ci/runners", await gitlab.member(OWNER, "group"));
    },
    expected: [1, 2],
  },
  {
    id: "lst-29",
    call: "GET /groups/:id/runners",
    given: "a token that manages runners",
    observe: async (gitlab) => {
      const headers = await gitlab.token({ scopes: ["manage_runner"] });
      return ids(gitlab, "/groups/ci/runners", headers);
    },
    expected: 403,
  },
  {
    id: "lst-30",
    call: assign,
    given: "a runner of another project, twice, and a locked one",
    observe: async (gitlab) => {
      await gitlab.controls.createProject({ path: "ci/other" });
      await gitlab.controls.createRunner(OF_PROJECT);
      await gitlab.controls.createRunner({ ...OF_PROJECT, locked: true });
      const headers = await gitlab.member(MAINTAINER, "group");
      const add = (runner_id: number): Promise<number> =>
        gitlab.status("POST /projects/ci%2Fother/runners", { runner_id }, headers);
      return [await add(1), await add(1), await add(2)];
    },
    expected: [201, 400, 403],
  },
  {
    id: "lst-31",
    call: "POST /runners/reset_registration_token",
    given: "an administrator",
    observe: async (gitlab) =>
      gitlab.ask("POST /runners/reset_registration_token", {}, await gitlab.token()),
    expected: [201, { token: TEXT, token_expires_at: null }],
  },
]);
