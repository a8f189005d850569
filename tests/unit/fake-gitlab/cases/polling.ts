import { DEFAULT_SWITCHES } from "../../../../fake-gitlab/state/switches";
import { FORBIDDEN, LAST_UPDATE, like, LIMITED, message, cases, type World } from "./world";

const call = "POST /jobs/request";
const A = "r_00000000000a";
const B = "r_00000000000b";
const HEX = like(/^[0-9a-f]{32}$/);

/**
 * Polls once.
 * @returns the status, the queue value and the job ID
 */
async function poll(
  gitlab: World,
  token: string,
  more: object = {},
  systemId = A,
): Promise<readonly unknown[]> {
  const { status, headers, json } = await gitlab.poll(token, systemId, more);
  return [status, headers[LAST_UPDATE], (json as { id: number } | undefined)?.id];
}

async function newRunner(
  gitlab: World,
  params: Parameters<World["controls"]["createRunner"]>[0] = {},
): Promise<string> {
  return (await gitlab.controls.createRunner(params)).token;
}

/** `POST /jobs/request`: the response to a runner that requests a job. */
export const pollingCases = cases([
  {
    id: "jrq-02",
    call,
    given: "an unknown token",
    observe: (gitlab) => gitlab.ask(call, { token: "glrt-unknown" }),
    expected: FORBIDDEN,
  },
  {
    id: "jrq-03",
    call,
    given: "a paused runner and a job",
    observe: async (gitlab) => {
      await gitlab.job();
      return poll(gitlab, await newRunner(gitlab, { paused: true }));
    },
    expected: [204, HEX, undefined],
  },
  {
    id: "jrq-04",
    call,
    given: "no job",
    observe: async (gitlab) => {
      const { status, text, headers } = await gitlab.poll(await newRunner(gitlab));
      return [status, text, headers[LAST_UPDATE]];
    },
    expected: [204, "", HEX],
  },
  {
    id: "jrq-05",
    call,
    given: "the current queue value",
    observe: async (gitlab) => {
      const token = await newRunner(gitlab);
      const [, last_update] = await poll(gitlab, token);
      const [status, again] = await poll(gitlab, token, { last_update });
      return [status, again === last_update];
    },
    expected: [204, true],
  },
  {
    id: "jrq-06",
    call,
    given: "an outdated queue value",
    observe: async (gitlab) => {
      const token = await newRunner(gitlab);
      const last_update = "0".repeat(32);
      const [status, next] = await poll(gitlab, token, { last_update });
      return [status, next, next === last_update];
    },
    expected: [204, HEX, false],
  },
  {
    id: "jrq-07",
    call,
    given: "a system ID that GitLab does not know",
    observe: async (gitlab) => {
      await poll(gitlab, await newRunner(gitlab));
      const [manager] = await gitlab.controls.managers();
      return [manager?.systemId, manager?.contactedAt === gitlab.instance.clock.now()];
    },
    expected: [A, true],
  },
  {
    id: "jrq-08",
    call,
    given: "a system ID that GitLab knows",
    observe: async (gitlab) => {
      const token = await newRunner(gitlab);
      for (let n = 0; n < 2; n += 1) await poll(gitlab, token);
      return (await gitlab.controls.managers()).length;
    },
    expected: 1,
  },
  {
    id: "jrq-09",
    call,
    given: "a job",
    observe: async (gitlab) => {
      const id = await gitlab.job();
      const [status, value, given] = await poll(gitlab, await newRunner(gitlab));
      return [status, value, given === id];
    },
    expected: [201, undefined, true],
  },
  {
    id: "jrq-10",
    call,
    given: "the type of a job",
    observe: async (gitlab) => {
      await gitlab.job();
      return (await gitlab.poll(await newRunner(gitlab))).headers["content-type"];
    },
    expected: "application/json",
  },
  {
    id: "jrq-30",
    call,
    given: "a project runner, a job of another project",
    observe: async (gitlab) => {
      await gitlab.controls.createProject({ path: "ci/other" });
      await gitlab.job({ project: "ci/other" });
      return poll(gitlab, await newRunner(gitlab, { type: "project_type", projectId: 1 }));
    },
    expected: [204, HEX, undefined],
  },
  {
    id: "jrq-31",
    call,
    given: "a group runner, a job of a project in a group below",
    observe: async (gitlab) => {
      await gitlab.controls.createProject({ path: "ci/below/project" });
      const id = await gitlab.job({ project: "ci/below/project" });
      const token = await newRunner(gitlab, { type: "group_type", groupId: 1 });
      return (await poll(gitlab, token))[2] === id;
    },
    expected: true,
  },
  {
    id: "jrq-40",
    call,
    given: "proxies that forward the client address",
    observe: async (gitlab) => {
      const body = { token: await newRunner(gitlab), system_id: A, info: { version: "19.4.0" } };
      await gitlab.api(call, body, { "x-forwarded-for": "123.222.123.222, 127.0.0.1" });
      return (await gitlab.controls.managers())[0]?.ipAddress;
    },
    expected: "123.222.123.222",
  },
  {
    id: "jrq-42",
    call,
    given: "a string instead of the runner information",
    observe: async (gitlab) => gitlab.ask(call, { token: await newRunner(gitlab), info: "text" }),
    expected: [400, { error: "info is invalid" }],
  },
  {
    id: "jrq-43",
    call,
    given: "the job after it was assigned",
    observe: async (gitlab) => {
      const id = await gitlab.job();
      await poll(gitlab, await newRunner(gitlab));
      const { status, runnerId, managerId, systemId } = await gitlab.controls.job({ id });
      return [status, runnerId, managerId, systemId];
    },
    expected: ["running", 1, 1, A],
  },
  {
    id: "jrq-44",
    call,
    given: "a second poll",
    observe: async (gitlab) => {
      await gitlab.job();
      const token = await newRunner(gitlab);
      return [(await poll(gitlab, token))[0], (await poll(gitlab, token, {}, B))[0]];
    },
    expected: [201, 204],
  },
  {
    id: "jrq-45",
    call,
    given: "a job that another runner takes at the same moment",
    observe: async (gitlab) => {
      await gitlab.controls.addFault({ action: { kind: "status", status: 409 } });
      const { status, json, headers } = await gitlab.poll(await newRunner(gitlab));
      return [status, json, headers[LAST_UPDATE]];
    },
    expected: [...message(409, "409 Conflict"), undefined],
  },
  {
    id: "jrq-46",
    call,
    given: "2000 requests with one token in a minute",
    observe: async (gitlab) => {
      const token = await newRunner(gitlab);
      const other = await newRunner(gitlab);
      await gitlab.controls.setSwitches({ jobRequestsPerMinute: 3 });
      for (let n = 0; n < 3; n += 1) await poll(gitlab, token);
      const { status, json, headers } = await gitlab.poll(token);
      const another = await gitlab.poll(other);
      await gitlab.controls.advanceClock({ ms: 60_000 });
      return [
        [status, json, headers["retry-after"]],
        another.status,
        (await poll(gitlab, token))[0],
        DEFAULT_SWITCHES.jobRequestsPerMinute,
      ];
    },
    expected: [LIMITED, 204, 204, 2000],
  },
  {
    id: "jrq-47",
    call,
    given: "a runner whose group was deleted",
    observe: async (gitlab) => {
      const token = await newRunner(gitlab, { type: "group_type", groupId: 1 });
      await gitlab.controls.deleteGroup({ id: 1 });
      return gitlab.ask(call, { token });
    },
    expected: message(403, "403 Forbidden - Runner is orphaned"),
  },
  {
    id: "jrq-56",
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
    id: "jrq-57",
    call,
    given: "the form of the queue value",
    observe: async (gitlab) => (await poll(gitlab, await newRunner(gitlab)))[1],
    expected: HEX,
  },
  {
    id: "jrq-60",
    call,
    given: "an unknown token, again and again",
    observe: async (gitlab) => {
      const statuses = new Set<unknown>();
      for (let n = 0; n < 20; n += 1) statuses.add((await poll(gitlab, "glrt-unknown"))[0]);
      return [...statuses];
    },
    expected: [403],
  },
  {
    id: "tim-03",
    call,
    given: "a queue value that is more than an hour old",
    observe: async (gitlab) => {
      const token = await newRunner(gitlab);
      const [, last_update] = await poll(gitlab, token);
      await gitlab.controls.advanceClock({ ms: 3_600_001 });
      const [status, next] = await poll(gitlab, token, { last_update });
      return [status, next === last_update];
    },
    expected: [204, false],
  },
]);
