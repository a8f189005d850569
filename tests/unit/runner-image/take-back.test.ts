import { describe, expect, it } from "@jest/globals";
import type { Answer, Gitlab, Request } from "../../../runner-image/src/gitlab-api";
import { register, verify, type Registering } from "../../../runner-image/src/register";
import { takeBack } from "../../../runner-image/src/take-back";
import { SETTINGS } from "../../support/replica-settings";

const SYSTEM_ID = "r_0123456789ab";

const status = (code: number): Answer => ({
  kind: "status",
  status: code,
  body: {},
  message: `${code}`,
  retryAfter: undefined,
});
const silence = (sent: boolean): Answer => ({ kind: "no answer", message: "none", sent });

interface Scripted {
  readonly gitlab: Gitlab;
  readonly requests: Request[];
  readonly said: string[];
}

/** A GitLab that answers one after the other, the last answer again and again. */
function script(...answers: Answer[]): Scripted {
  const requests: Request[] = [];
  const gitlab: Gitlab = (request) => {
    requests.push(request);
    return Promise.resolve(answers[Math.min(requests.length, answers.length) - 1] ?? status(500));
  };
  return { gitlab, requests, said: [] };
}

/** A start that was told to stop. */
function stopped({ gitlab, said }: Scripted): Registering {
  const signal = AbortSignal.abort();
  const say = (state: string, message: string) => said.push(`${state}: ${message}`);
  return { gitlab, settings: SETTINGS, systemId: SYSTEM_ID, say, signal, cutOff: signal };
}

describe("what GitLab may have done for a replica that is stopped while it registers", () => {
  it.each<readonly [string, Answer, boolean]>([
    ["an error of GitLab or its proxy", status(502), true],
    ["no answer to what was sent", silence(true), true],
    ["a refused connection", silence(false), false],
    ["a request to wait", status(429), false],
  ])("after %s", async (_, answer, maybe) => {
    const manager = await verify(stopped(script(answer)), "glrt-0123456789", false);
    const runner = await register(stopped(script(answer)));

    const asked = maybe ? { for: "manager", token: "glrt-0123456789" } : { for: "nothing" };
    expect(manager).toEqual({ kind: "stopped", asked });
    expect(runner).toEqual({ kind: "stopped", asked: { for: maybe ? "runner" : "nothing" } });
  });
});

describe("taking a manager back", () => {
  const asked = { for: "manager", token: "glrt-0123456789" } as const;
  const state = {
    gitlabUrl: SETTINGS.gitlabUrl,
    token: "",
    systemId: SYSTEM_ID,
    runnerId: 0,
    ownsRunner: false,
    concurrent: 1,
    drainTimeout: 0,
    metricsPort: 0,
    acceptedAt: 0,
    tokenExpiresAt: null,
  };
  const take = (gitlab: Scripted, ms: number) =>
    takeBack(asked, { ...stopped(gitlab), state, deadline: Date.now() + ms });

  it("asks on after GitLab knows of none, since it may make it yet", async () => {
    const gitlab = script(status(404), status(404), status(204));

    expect(await take(gitlab, 5_000)).toBe(0);
    expect(gitlab.requests.map(({ path, body }) => ({ path, body }))).toEqual(
      Array(3).fill({
        path: "/runners/managers",
        body: { token: asked.token, system_id: SYSTEM_ID },
      }),
    );
  });

  it("ends at its deadline with GitLab's word that there is none", async () => {
    expect(await take(script(status(404)), 300)).toBe(0);
  });

  it("ends at once where GitLab does not know the token", async () => {
    const gitlab = script(status(403));

    expect(await take(gitlab, 60_000)).toBe(0);
    expect(gitlab.requests).toHaveLength(1);
  });

  it("says what may be left if GitLab does not answer", async () => {
    const gitlab = script(silence(false));

    expect(await take(gitlab, 100)).toBe(74);
    expect(gitlab.said).toEqual([
      `left: manager ${SYSTEM_ID} may be in GitLab: none; remove it there, or GitLab does after 7 days`,
    ]);
  });
});
