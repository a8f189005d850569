import { AS_FORM, FORBIDDEN, form, LAST_UPDATE, cases, type World } from "./world";

const call = "POST /jobs/request";
const A = "r_00000000000a";
const HELD_MS = 400;

interface Polled {
  readonly status: number;
  readonly value: unknown;
  readonly ms: number;
}

/** A runner that knows its queue value, behind a GitLab that holds polls for a short time. */
async function idle(
  gitlab: World,
): Promise<{ id: number; token: string; poll: (more?: object) => Promise<Polled> }> {
  const { id, token } = await gitlab.controls.createRunner({});
  const first = await gitlab.poll(token, A);
  await gitlab.controls.setSwitches({ longPollSeconds: HELD_MS / 1000 });
  const last_update = first.headers[LAST_UPDATE];
  const poll = async (more: object = {}): Promise<Polled> => {
    const started = performance.now();
    const { status, headers } = await gitlab.poll(token, A, { last_update, ...more });
    return { status, value: headers[LAST_UPDATE], ms: performance.now() - started };
  };
  return { id, token, poll };
}

async function untilHeld(gitlab: World): Promise<void> {
  await gitlab.controls.waitForEvent(({ kind }) => kind === "held", {
    what: "a poll that is held",
    timeoutMs: 5_000,
  });
}

/** `POST /jobs/request` with long polls: what Workhorse does before the request reaches GitLab. */
export const longPollCases = cases([
  {
    id: "jrq-48",
    call,
    given: "a body of 40 KB",
    observe: async (gitlab) => {
      const { poll } = await idle(gitlab);
      return (await poll({ session: "x".repeat(40_000) })).status;
    },
    expected: 413,
  },
  {
    id: "jrq-49",
    call,
    given: "a job that is queued while the poll is held",
    observe: async (gitlab) => {
      const { poll } = await idle(gitlab);
      const held = poll();
      await untilHeld(gitlab);
      const id = await gitlab.job();
      const { status, value, ms } = await held;
      const waiting = (await gitlab.controls.job({ id })).status;
      return [status, value, ms < HELD_MS, waiting, (await poll()).status];
    },
    expected: [204, undefined, true, "pending", 201],
  },
  {
    id: "jrq-50",
    call,
    given: "nothing new",
    observe: async (gitlab) => {
      const { poll } = await idle(gitlab);
      const { status, value, ms } = await poll();
      return [status, value, ms >= HELD_MS - 10];
    },
    expected: [204, undefined, true],
  },
  {
    id: "jrq-51",
    call,
    given: "an edit of the runner while the poll is held",
    observe: async (gitlab) => {
      const { id: runnerId, poll } = await idle(gitlab);
      const held = poll();
      await untilHeld(gitlab);
      await gitlab.controls.editRunner({ runnerId, paused: true });
      const { status, ms } = await held;
      return [status, ms < HELD_MS];
    },
    expected: [204, true],
  },
  {
    id: "jrq-52",
    call,
    given: "a form",
    observe: async (gitlab) => {
      const { token } = await idle(gitlab);
      const [{ value } = { value: "" }] = [...gitlab.instance.runners.values()].flatMap(
        ({ queueValue }) => queueValue ?? [],
      );
      const started = performance.now();
      const body = form({ token, system_id: A, last_update: value });
      return [await gitlab.status(call, body, AS_FORM), performance.now() - started < HELD_MS];
    },
    expected: [204, true],
  },
  {
    id: "jrq-53",
    call,
    given: "a manager that was removed, and time that passes, while the poll is held",
    observe: async (gitlab) => {
      const { id: runnerId, poll } = await idle(gitlab);
      await gitlab.controls.deleteManager({ runnerId, systemId: A });
      await gitlab.controls.advanceClock({ ms: 60_000 });
      await poll();
      const [runner] = await gitlab.controls.runners();
      return [await gitlab.controls.managers(), runner?.contactedAt];
    },
    expected: [[], null],
  },
  {
    id: "jrq-54",
    call,
    given: "an unknown token with a queue value",
    observe: async (gitlab) => {
      await gitlab.controls.setSwitches({ longPollSeconds: 50 });
      return gitlab.ask(call, { token: "glrt-unknown", last_update: "0".repeat(32) });
    },
    expected: FORBIDDEN,
  },
  {
    id: "tim-06",
    call,
    given: "55 minutes of polls with nothing new, then ten more",
    observe: async (gitlab) => {
      const { poll } = await idle(gitlab);
      await gitlab.controls.setSwitches({ longPollSeconds: 0.001 });
      const silence: number[] = [];
      for (let minute = 1; minute <= 65; minute += 1) {
        await gitlab.controls.advanceClock({ ms: 60_000 });
        await poll();
        const [manager] = await gitlab.controls.managers();
        silence.push((gitlab.instance.clock.now() - (manager?.contactedAt ?? 0)) / 60_000);
      }
      return [silence[54], Math.max(...silence)];
    },
    expected: [55, 59],
  },
  {
    id: "jrq-58",
    call,
    given: "any answer, with and without long polls",
    observe: async (gitlab) => {
      const { token } = await gitlab.controls.createRunner({});
      const name = "gitlab-ci-builds-polling";
      const without = (await gitlab.poll(token)).headers[name];
      await gitlab.controls.setSwitches({ longPollSeconds: 50 });
      return [without, (await gitlab.poll(token)).headers[name]];
    },
    expected: [undefined, "yes"],
  },
]);
