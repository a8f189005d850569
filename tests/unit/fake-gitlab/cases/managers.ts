import {
  cases,
  DEVELOPER,
  keys,
  MAINTAINER,
  message,
  OF_GROUP,
  OF_PROJECT,
  type Case,
} from "./world";

const call = "GET /runners/:id/managers";
const path = "GET /runners/1/managers";
const HOUR = 3_600_000;
const MINUTE = 60_000;

const FIELDS =
  "architecture contacted_at created_at id ip_address job_execution_status platform revision status system_id version";

interface Manager {
  readonly status: string;
  readonly job_execution_status: string;
}

/**
 * `GET /runners/:id/managers`: the managers of a runner, and how their status changes over time.
 */
export const managerCases = cases([
  {
    id: "mgr-01",
    call,
    given: "an instance runner, any user",
    observe: async (gitlab) => {
      await gitlab.controls.createRunner({});
      return gitlab.status(path, undefined, await gitlab.token({ username: "stranger" }));
    },
    expected: 200,
  },
  {
    id: "mgr-02",
    call,
    given: "the fields",
    observe: async (gitlab) => {
      await gitlab.running();
      const [, body] = await gitlab.ask(path, undefined, await gitlab.token());
      return keys((body as readonly object[])[0]).join(" ");
    },
    expected: FIELDS,
  },
  {
    id: "mgr-03",
    call,
    given: "no managers; no token; no such runner",
    observe: async (gitlab) => {
      await gitlab.controls.createRunner({});
      const headers = await gitlab.token();
      return [
        await gitlab.ask(path, undefined, headers),
        await gitlab.status(path),
        await gitlab.status("GET /runners/99/managers", undefined, headers),
      ];
    },
    expected: [[200, []], 401, 404],
  },
  {
    id: "mgr-05",
    call,
    given: "a group runner, the group's Maintainer",
    observe: async (gitlab) => {
      await gitlab.controls.createRunner(OF_GROUP);
      return gitlab.status(path, undefined, await gitlab.member(MAINTAINER, "group"));
    },
    expected: 200,
  },
  {
    id: "mgr-06",
    call,
    given: "a group runner, the Maintainer of a project below",
    observe: async (gitlab) => {
      await gitlab.controls.createRunner(OF_GROUP);
      return gitlab.status(path, undefined, await gitlab.member(MAINTAINER));
    },
    expected: 200,
  },
  {
    id: "mgr-07",
    call,
    given: "a project runner, the project's Developer",
    observe: async (gitlab) => {
      await gitlab.controls.createRunner(OF_PROJECT);
      return gitlab.ask(path, undefined, await gitlab.member(DEVELOPER));
    },
    expected: message(403, "403 Forbidden - No access granted"),
  },
  {
    id: "mgr-08",
    call,
    given: "a job, while it runs and after it",
    observe: async (gitlab) => {
      const { jobId, jobToken } = await gitlab.running();
      const headers = await gitlab.token();
      const states = async (): Promise<readonly string[]> => {
        const [, body] = await gitlab.ask(path, undefined, headers);
        return (body as readonly Manager[]).map((manager) => manager.job_execution_status);
      };
      const during = await states();
      await gitlab.status(`PUT /jobs/${jobId}`, { token: jobToken, state: "success" });
      return [during, await states()];
    },
    expected: [["active"], ["idle"]],
  },
  ...(
    [
      ["tim-01", "two hours less a minute after it was heard", 2 * HOUR - MINUTE, "online"],
      ["tim-02", "two hours and a minute after it was heard", 2 * HOUR + MINUTE, "offline"],
    ] as const
  ).map(([id, given, ms, expected]): Case => ({
    id,
    call,
    given,
    observe: async (gitlab) => {
      const { token } = await gitlab.controls.createRunner({});
      await gitlab.poll(token);
      await gitlab.controls.advanceClock({ ms });
      const [, body] = await gitlab.ask(path, undefined, await gitlab.token());
      return (body as readonly Manager[])[0]?.status;
    },
    expected,
  })),
  {
    id: "tim-04",
    call,
    given: "seven days after the last contact, then the hourly cleanup",
    observe: async (gitlab) => {
      const { token } = await gitlab.controls.createRunner({});
      await gitlab.controls.setSwitches({ cleanUpManagers: false });
      await gitlab.poll(token);
      await gitlab.controls.advanceClock({ ms: 7 * 24 * HOUR });
      const headers = await gitlab.token();
      const [, body] = await gitlab.ask(path, undefined, headers);
      await gitlab.controls.setSwitches({ cleanUpManagers: true });
      await gitlab.controls.advanceClock({ ms: HOUR });
      return [
        (body as readonly Manager[])[0]?.status,
        await gitlab.ask(path, undefined, headers),
        (await gitlab.controls.runners()).length,
      ];
    },
    expected: ["stale", [200, []], 1],
  },
  {
    id: "tim-05",
    call: "GET /runners/:id",
    given: "a runner older than seven days whose last manager was removed",
    observe: async (gitlab) => {
      const { token } = await gitlab.controls.createRunner({});
      await gitlab.controls.advanceClock({ ms: 7 * 24 * HOUR });
      await gitlab.poll(token, "r_00000000000a");
      await gitlab.status("DELETE /runners/managers", { token, system_id: "r_00000000000a" });
      const [, body] = await gitlab.ask("GET /runners/1", undefined, await gitlab.token());
      return (body as Manager).status;
    },
    expected: "stale",
  },
]);
