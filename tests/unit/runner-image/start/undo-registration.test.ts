import { describe, expect, it } from "@jest/globals";
import { monotonicMs } from "../../../../runner-image/src/system/clock";
import type { ApiResult, Gitlab, Request } from "../../../../runner-image/src/gitlab/client";
import { register, verify, type Registering } from "../../../../runner-image/src/start/register";
import { undoRegistration } from "../../../../runner-image/src/start/undo-registration";
import { SETTINGS } from "../../../support/replica-settings";

const SYSTEM_ID = "r_0123456789ab";

const status = (code: number): ApiResult => ({
  kind: "status",
  status: code,
  body: {},
  message: `${code}`,
  retryAfterMs: undefined,
});
const silence = (sent: boolean): ApiResult => ({ kind: "no response", message: "none", sent });

interface Scripted {
  readonly gitlab: Gitlab;
  readonly requests: Request[];
  readonly said: string[];
}

/** A GitLab that gives one answer after another; the last one repeats. */
function script(...answers: ApiResult[]): Scripted {
  const requests: Request[] = [];
  const gitlab: Gitlab = (request) => {
    requests.push(request);
    return Promise.resolve(answers[Math.min(requests.length, answers.length) - 1] ?? status(500));
  };
  return { gitlab, requests, said: [] };
}

/** A start that has received a stop signal. */
function stopped({ gitlab, said }: Scripted): Registering {
  const signal = AbortSignal.abort();
  const report = (state: string, message: string) => said.push(`${state}: ${message}`);
  return { gitlab, settings: SETTINGS, systemId: SYSTEM_ID, report, signal, cutOff: signal };
}

describe("what GitLab may have created for a replica that is stopped while it registers", () => {
  it.each<readonly [string, ApiResult, boolean]>([
    ["an error from GitLab or its proxy", status(502), true],
    ["no answer to a sent request", silence(true), true],
    ["a refused connection", silence(false), false],
    ["a request to wait", status(429), false],
  ])("is known after %s", async (_, answer, maybe) => {
    const manager = await verify(stopped(script(answer)), "glrt-0123456789", false);
    const runner = await register(stopped(script(answer)));

    const asked = maybe ? { for: "manager", token: "glrt-0123456789" } : { for: "nothing" };
    expect(manager).toEqual({ kind: "stopped", asked });
    expect(runner).toEqual({ kind: "stopped", asked: { for: maybe ? "runner" : "nothing" } });
  });
});

describe("undoing the registration of a manager", () => {
  const asked = { for: "manager", token: "glrt-0123456789" } as const;
  const state = {
    gitlabUrl: SETTINGS.gitlabUrl,
    token: "",
    secrets: [],
    systemId: SYSTEM_ID,
    ownsSystemId: true,
    runnerId: 0,
    ownsRunner: false,
    canRegister: false,
    place: null,
    engine: { kind: "socket", path: "/nowhere/docker.sock" } as const,
    tidiesUp: true,
    poolOnNode: null,
    imageLimit: null,
    concurrent: 1,
    drainTimeoutSeconds: 0,
    metricsPort: 0,
    acceptedAtMs: 0,
    tokenExpiresAt: null,
  };
  const undo = (gitlab: Scripted, ms: number) =>
    undoRegistration(asked, { ...stopped(gitlab), state, deadlineMs: monotonicMs() + ms });

  it("continues after 404, because GitLab may still create the manager", async () => {
    const gitlab = script(status(404), status(404), status(204));

    expect(await undo(gitlab, 5_000)).toBe(0);
    expect(gitlab.requests.map(({ path, body }) => ({ path, body }))).toEqual(
      Array(3).fill({
        path: "/runners/managers",
        body: { token: asked.token, system_id: SYSTEM_ID },
      }),
    );
  });

  it("exits 0 if GitLab still answers 404 at the deadline", async () => {
    expect(await undo(script(status(404)), 300)).toBe(0);
  });

  it("ends at once if GitLab does not know the token", async () => {
    const gitlab = script(status(403));

    expect(await undo(gitlab, 60_000)).toBe(0);
    expect(gitlab.requests).toHaveLength(1);
  });

  it("logs what may be left if GitLab does not answer", async () => {
    const gitlab = script(silence(false));

    expect(await undo(gitlab, 100)).toBe(74);
    expect(gitlab.said).toEqual([
      `not deregistered: manager ${SYSTEM_ID} may be in GitLab: none; delete it there, or GitLab does so after 7 days`,
    ]);
  });
});
