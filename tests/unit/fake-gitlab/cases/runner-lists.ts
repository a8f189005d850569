import { fill, ids } from "./runner-places";
import { FORBIDDEN, has, MAINTAINER, message, OWNER, TEXT, cases, type World } from "./world";

const own = "GET /runners";
const all = "GET /runners/all";

/** Creates a runner for each version, which its manager reports. */
async function versions(gitlab: World, ...texts: readonly string[]): Promise<void> {
  for (const version of texts) {
    const { token } = await gitlab.controls.createRunner({});
    await gitlab.status("POST /runners/verify", { token, system_id: "s", info: { version } });
  }
}

/** The lists of runners: one's own, and all. */
export const runnerListCases = cases([
  {
    id: "lst-01",
    call: own,
    given: "no token",
    observe: (gitlab) => gitlab.ask(own),
    expected: message(401, "401 Unauthorized"),
  },
  {
    id: "lst-02",
    call: own,
    given: "the Owner of a group",
    observe: async (gitlab) => {
      await fill(gitlab);
      return ids(gitlab, "/runners", await gitlab.member(OWNER, "group"));
    },
    expected: [2, 3, 4],
  },
  {
    id: "lst-03",
    call: own,
    given: "tokens of scopes that do not read",
    observe: async (gitlab) => [
      await gitlab.status(own, undefined, await gitlab.token({ scopes: ["create_runner"] })),
      await gitlab.status(own, undefined, await gitlab.token({ scopes: ["manage_runner"] })),
    ],
    expected: [403, 403],
  },
  {
    id: "lst-04",
    call: own,
    given: "a Maintainer of a group",
    observe: async (gitlab) => {
      await fill(gitlab);
      return ids(gitlab, "/runners", await gitlab.member(MAINTAINER, "group"));
    },
    expected: [3],
  },
  {
    id: "lst-05",
    call: own,
    given: "an administrator who is a member of nothing",
    observe: async (gitlab) => {
      await fill(gitlab);
      return ids(gitlab, "/runners");
    },
    expected: [],
  },
  {
    id: "lst-06",
    call: own,
    given: "one kind",
    observe: async (gitlab) => {
      await fill(gitlab);
      return ids(gitlab, "/runners?type=project_type", await gitlab.member(OWNER, "group"));
    },
    expected: [3],
  },
  {
    id: "lst-08",
    call: own,
    given: "paused ones, in both ways of asking",
    observe: async (gitlab) => {
      await fill(gitlab);
      const headers = await gitlab.member(OWNER, "group");
      return [
        await ids(gitlab, "/runners?paused=true", headers),
        await ids(gitlab, "/runners?status=paused", headers),
      ];
    },
    expected: [[2], [2]],
  },
  {
    id: "lst-10",
    call: own,
    given: "tags",
    observe: async (gitlab) => {
      await fill(gitlab);
      return ids(gitlab, "/runners?tag_list=lt1,lt2", await gitlab.member(OWNER, "group"));
    },
    expected: [2],
  },
  {
    id: "lst-11",
    call: own,
    given: "the older parameter",
    observe: async (gitlab) => {
      await fill(gitlab);
      return ids(gitlab, "/runners?scope=paused", await gitlab.member(OWNER, "group"));
    },
    expected: [2],
  },
  {
    id: "lst-12",
    call: own,
    given: "an unknown value of it",
    observe: (gitlab) => ids(gitlab, "/runners?scope=unknown"),
    expected: 400,
  },
  {
    id: "lst-13",
    call: own,
    given: "pages of two",
    observe: async (gitlab) => {
      await fill(gitlab);
      const headers = await gitlab.member(OWNER, "group");
      return (await gitlab.api("GET /runners?per_page=2", undefined, headers)).headers;
    },
    expected: has({
      "x-total": "3",
      "x-total-pages": "2",
      "x-page": "1",
      "x-per-page": "2",
      "x-next-page": "2",
      "x-prev-page": "",
      link: TEXT,
    }),
  },
  {
    id: "lst-14",
    call: own,
    given: "no order",
    observe: async (gitlab) => {
      await fill(gitlab);
      return ids(gitlab, "/runners", await gitlab.member(OWNER, "group"));
    },
    expected: [2, 3, 4],
  },
  {
    id: "lst-16",
    call: all,
    given: "an administrator",
    observe: async (gitlab) => {
      await fill(gitlab);
      const [, body] = await gitlab.ask(all, undefined, await gitlab.token());
      const runners = body as readonly { runner_type: string; is_shared: boolean }[];
      return runners.map(({ runner_type, is_shared }) => [runner_type, is_shared]);
    },
    expected: [
      ["instance_type", true],
      ["group_type", false],
      ["project_type", false],
      ["group_type", false],
    ],
  },
  {
    id: "lst-17",
    call: all,
    given: "no administrator",
    observe: async (gitlab) => gitlab.ask(all, undefined, await gitlab.member(OWNER, "group")),
    expected: FORBIDDEN,
  },
  {
    id: "lst-19",
    call: all,
    given: "an administrator's token of another scope",
    observe: async (gitlab) =>
      gitlab.status(all, undefined, await gitlab.token({ scopes: ["manage_runner"] })),
    expected: 403,
  },
  {
    id: "lst-20",
    call: all,
    given: "Admin Mode, an administrator's token without and with its scope",
    observe: async (gitlab) => {
      await gitlab.controls.setSwitches({ adminMode: true });
      const scopes = ["api", "admin_mode"];
      return [
        await gitlab.ask(all, undefined, await gitlab.token()),
        await gitlab.status(all, undefined, await gitlab.token({ scopes })),
      ];
    },
    expected: [FORBIDDEN, 200],
  },
  {
    id: "lst-21",
    call: all,
    given: "the older parameter, of a kind",
    observe: async (gitlab) => {
      await fill(gitlab);
      return ids(gitlab, "/runners/all?scope=shared");
    },
    expected: [1],
  },
  {
    id: "lst-22",
    call: all,
    given: "the begin of a version",
    observe: async (gitlab) => {
      await versions(gitlab, "15.0.1", "15.1.0");
      return ids(gitlab, "/runners/all?version_prefix=15.0");
    },
    expected: [1],
  },
  {
    id: "lst-23",
    call: all,
    given: "a version that is not a prefix of another version",
    observe: async (gitlab) => {
      await versions(gitlab, "16.0.1", "160.0.0");
      return ids(gitlab, "/runners/all?version_prefix=16");
    },
    expected: [1],
  },
  {
    id: "lst-24",
    call: all,
    given: "a version that is none",
    observe: (gitlab) => ids(gitlab, "/runners/all?version_prefix=V15"),
    expected: 400,
  },
  {
    id: "lst-25",
    call: all,
    given: "an auditor",
    observe: async (gitlab) => {
      await fill(gitlab);
      return ids(gitlab, "/runners/all", await gitlab.token({ username: "a", auditor: true }));
    },
    expected: [1, 2, 3, 4],
  },
]);
