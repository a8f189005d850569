import {
  has,
  keys,
  MAINTAINER,
  message,
  OF_GROUP,
  OF_PROJECT,
  OWNER,
  REPORTER,
  cases,
  type World,
} from "./world";

const call = "GET /runners/:id/jobs";
const path = "GET /runners/1/jobs";
const DENIED = message(403, "403 Forbidden - No access granted");

type Headers = Awaited<ReturnType<World["token"]>>;

/** Rights of a user on the jobs and on the managers of runner 1. */
async function rights(
  gitlab: World,
  runner: Parameters<World["controls"]["createRunner"]>[0],
  headers: Headers,
): Promise<readonly unknown[]> {
  await gitlab.controls.createRunner(runner);
  return [
    await gitlab.ask(path, undefined, headers),
    await gitlab.status("GET /runners/1/managers", undefined, headers),
  ];
}

/**
 * Runs jobs on runner 1, each on a different manager.
 * @returns a function that lists them
 */
async function run(gitlab: World, count: number): Promise<(query?: string) => Promise<unknown>> {
  const { token } = await gitlab.controls.createRunner({});
  for (let n = 1; n <= count; n += 1) {
    await gitlab.job();
    await gitlab.poll(token, `r_${n}`);
  }
  const headers = await gitlab.token();
  return async (query = "") => {
    const [status, body] = await gitlab.ask(`${path}${query}`, undefined, headers);
    return status === 200 ? (body as readonly { id: number }[]).map(({ id }) => id) : status;
  };
}

/** `GET /runners/:id/jobs`: it needs more rights than the runner itself. */
export const runnerJobCases = cases([
  {
    id: "jbs-01",
    call,
    given: "an instance runner, the Owner of a group",
    observe: async (gitlab) => rights(gitlab, {}, await gitlab.member(OWNER, "group")),
    expected: [DENIED, 200],
  },
  {
    id: "jbs-02",
    call,
    given: "a group runner, the group's Maintainer",
    observe: async (gitlab) => rights(gitlab, OF_GROUP, await gitlab.member(MAINTAINER, "group")),
    expected: [DENIED, 200],
  },
  {
    id: "jbs-03",
    call,
    given: "a group runner, the Maintainer of a project below",
    observe: async (gitlab) => rights(gitlab, OF_GROUP, await gitlab.member(MAINTAINER)),
    expected: [DENIED, 200],
  },
  {
    id: "jbs-04",
    call,
    given: "a group runner, the group's Owner",
    observe: async (gitlab) => rights(gitlab, OF_GROUP, await gitlab.member(OWNER, "group")),
    expected: [[200, []], 200],
  },
  {
    id: "jbs-05",
    call,
    given: "a project runner, the project's Maintainer",
    observe: async (gitlab) => rights(gitlab, OF_PROJECT, await gitlab.member(MAINTAINER)),
    expected: [[200, []], 200],
  },
  {
    id: "jbs-06",
    call,
    given: "an instance runner, an administrator and an auditor",
    observe: async (gitlab) => {
      await run(gitlab, 1);
      const auditor = await gitlab.token({ username: "auditor", auditor: true });
      const { status, headers } = await gitlab.api(path, undefined, await gitlab.token());
      return [status, headers["x-page"], await gitlab.status(path, undefined, auditor)];
    },
    expected: [200, "1", 200],
  },
  {
    id: "jbs-07",
    call,
    given: "the jobs of one manager; the headers of the page",
    observe: async (gitlab) => {
      const list = await run(gitlab, 3);
      const { headers } = await gitlab.api(path, undefined, await gitlab.token());
      return [await list("?status=running&system_id=r_2"), keys(headers).includes("x-total")];
    },
    expected: [[2], false],
  },
  {
    id: "jbs-09",
    call,
    given: "an unknown state; an unknown direction",
    observe: async (gitlab) => {
      const list = await run(gitlab, 0);
      return [await list("?status=non-existing"), await list("?sort=non-existing")];
    },
    expected: [400, 400],
  },
  {
    id: "jbs-10",
    call,
    given: "an unknown order",
    observe: async (gitlab) => (await run(gitlab, 0))("?order_by=non-existing"),
    expected: 400,
  },
  {
    id: "jbs-11",
    call,
    given: "no order",
    observe: async (gitlab) => (await run(gitlab, 3))(),
    expected: [1, 2, 3],
  },
  {
    id: "jbs-12",
    call,
    given: "an order, without and with a direction",
    observe: async (gitlab) => {
      const list = await run(gitlab, 3);
      return [await list("?order_by=id"), await list("?order_by=id&sort=asc")];
    },
    expected: [
      [3, 2, 1],
      [1, 2, 3],
    ],
  },
  {
    id: "jbs-13",
    call,
    given: "the fields of a job's project",
    observe: async (gitlab) => {
      await run(gitlab, 1);
      const [, body] = await gitlab.ask(path, undefined, await gitlab.token());
      const [job] = body as readonly { project: object }[];
      return [job?.project, keys(job?.project)];
    },
    expected: [
      has({ id: 1, name: "demo", path_with_namespace: "ci/demo" }),
      [
        "created_at",
        "description",
        "id",
        "name",
        "name_with_namespace",
        "path",
        "path_with_namespace",
      ],
    ],
  },
  {
    id: "jbs-14",
    call,
    given: "a job that is being canceled",
    observe: async (gitlab) => {
      const list = await run(gitlab, 2);
      await gitlab.controls.cancelJob({ id: 1 });
      return [await list("?status=canceling"), await list("?status=running")];
    },
    expected: [[1], [2]],
  },
  {
    id: "jbs-15",
    call,
    given: "jobs of two projects, in one of which the user is not a Reporter",
    observe: async (gitlab) => {
      const { token } = await gitlab.controls.createRunner(OF_PROJECT);
      await gitlab.controls.createProject({ path: "ci/other" });
      const admin = await gitlab.token();
      await gitlab.status("POST /projects/ci%2Fother/runners", { runner_id: 1 }, admin);
      for (const project of ["ci/demo", "ci/other"]) {
        await gitlab.job({ project });
        await gitlab.poll(token);
      }
      const roles = [{ projectId: 1, level: MAINTAINER }];
      const one = await gitlab.token({ username: "one", roles });
      const more = [...roles, { projectId: 2, level: REPORTER }];
      const both = await gitlab.token({ username: "both", roles: more });
      const count = async (headers: Headers): Promise<number> =>
        ((await gitlab.ask(path, undefined, headers))[1] as readonly unknown[]).length;
      return [await count(one), await count(both)];
    },
    expected: [1, 2],
  },
  {
    id: "jbs-17",
    call,
    given: "a state that no job is in",
    observe: async (gitlab) => (await run(gitlab, 1))("?status=manual"),
    expected: [],
  },
]);
