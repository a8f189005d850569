import { describe, expect, it } from "@jest/globals";
import { startGitlab, type FaultAction, type Gitlab } from "../../../fake-gitlab";
import { FaultBook } from "../../../fake-gitlab/faults/book";

const SYSTEM_ID = "r_000000000001";

function verify(gitlab: Gitlab, token: string, systemId = SYSTEM_ID): Promise<Response> {
  return fetch(`${gitlab.url}/api/v4/runners/verify`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ token, system_id: systemId }),
    redirect: "manual",
    signal: AbortSignal.timeout(10_000),
  });
}

interface Fixture extends AsyncDisposable {
  readonly gitlab: Gitlab;
  readonly token: string;
}

const ENDPOINT = "POST /runners/verify";

async function start(action: FaultAction, times = 1): Promise<Fixture> {
  const gitlab = await startGitlab();
  const { token } = await gitlab.createRunner({});
  await gitlab.addFault({ endpoint: ENDPOINT, action, times });
  return { gitlab, token, [Symbol.asyncDispose]: () => gitlab.stop() };
}

describe("faults before GitLab handles a request", () => {
  it("respond with a given status, body and headers, the given number of times", async () => {
    const action = { kind: "status", status: 429, headers: { "Retry-After": "7" } } as const;
    await using fixture = await start(action, 2);
    const { gitlab, token } = fixture;
    for (let n = 0; n < 2; n += 1) {
      const answer = await verify(gitlab, token);
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "7"]);
      expect(await answer.json()).toHaveProperty("message.error");
    }
    expect(await gitlab.managers()).toEqual([]);
    expect((await verify(gitlab, token)).status).toBe(200);
  });

  it("respond with text that is not JSON, or with a redirect", async () => {
    await using fixture = await start({ kind: "text", text: "<h1>Sign in</h1>" });
    const { gitlab, token } = fixture;
    const text = await verify(gitlab, token);
    expect([text.status, text.headers.get("content-type")]).toEqual([200, "text/html"]);
    const location = "https://elsewhere.example.com/";
    await gitlab.addFault({ action: { kind: "redirect", location, status: 307 } });
    const redirect = await verify(gitlab, token);
    expect([redirect.status, redirect.headers.get("location")]).toEqual([307, location]);
  });

  it("reset the connection", async () => {
    await using fixture = await start({ kind: "reset" });
    const { gitlab, token } = fixture;
    await expect(verify(gitlab, token)).rejects.toThrow();
    expect(await gitlab.managers()).toEqual([]);
    const request = await gitlab.waitForEvent((event) => event.kind === "request", {
      timeoutMs: 2000,
      what: "the logged request",
    });
    expect(request).toMatchObject({ endpoint: ENDPOINT, status: null, faultId: 1 });
  });

  it("delay a request and then handle it", async () => {
    await using fixture = await start({ kind: "delay", ms: 300 });
    const { gitlab, token } = fixture;
    const started = performance.now();
    expect((await verify(gitlab, token)).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThanOrEqual(290);
  });

  it("hang until the fault is cleared", async () => {
    await using fixture = await start({ kind: "hang" });
    const { gitlab, token } = fixture;
    const answer = verify(gitlab, token);
    const held = await gitlab.waitForEvent((event) => event.kind === "held", {
      timeoutMs: 2000,
      what: "the held request",
    });
    expect(held).toMatchObject({ why: "fault", endpoint: ENDPOINT, systemId: SYSTEM_ID });
    await gitlab.clearFaults();
    expect((await answer).status).toBe(200);
  });
});

describe("faults after GitLab handled a request", () => {
  it("drop the response, so the client does not know the result", async () => {
    await using fixture = await start({ kind: "drop answer" });
    const { gitlab, token } = fixture;
    await expect(verify(gitlab, token)).rejects.toThrow();
    expect(await gitlab.managers()).toHaveLength(1);
  });

  it("hold the response, optionally only with a given status", async () => {
    await using fixture = await start({ kind: "hold answer", ms: 300 });
    const { gitlab, token } = fixture;
    await gitlab.clearFaults();
    const action = { kind: "hold answer", ms: 300 } as const;
    await gitlab.addFault({ endpoint: ENDPOINT, onlyStatus: 403, action });
    const time = async (given: string): Promise<number> => {
      const started = performance.now();
      await verify(gitlab, given);
      return performance.now() - started;
    };
    expect(await time("glrt-unknown")).toBeGreaterThanOrEqual(290);
    expect(await time(token)).toBeLessThan(290);
  });
});

describe("the response that assigns a job", () => {
  it("can be held; if the client then disconnects, the job stays assigned", async () => {
    await using gitlab = await startGitlab();
    const { token } = await gitlab.createRunner({});
    const { id } = await gitlab.enqueueJob({ script: ["true"], holdAnswerMs: 60_000 });
    const leave = new AbortController();
    const poll = fetch(`${gitlab.url}/api/v4/jobs/request`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ token, system_id: SYSTEM_ID }),
      signal: leave.signal,
    });
    await gitlab.waitForEvent((event) => event.kind === "held" && event.jobId === id, {
      timeoutMs: 2000,
      what: "the held answer",
    });
    expect(await gitlab.job({ id })).toMatchObject({ status: "running", systemId: SYSTEM_ID });
    leave.abort();
    await expect(poll).rejects.toThrow();
    expect(await gitlab.job({ id })).toMatchObject({ status: "running" });
  });
});

describe("matching requests to a fault", () => {
  const action = { kind: "reset" } as const;
  const target = {
    endpoints: ["PUT /jobs/:id", "PUT /jobs/12"],
    runnerId: 3,
    systemId: SYSTEM_ID,
    jobId: 12,
    tokenDigests: [],
  };
  const caught = (fault: object): boolean => {
    const book = new FaultBook();
    book.add({ action, ...fault });
    return book.catch(target, "before") !== undefined;
  };

  it.each([
    [{}, true],
    [{ endpoint: "PUT /jobs/:id" }, true],
    [{ endpoint: "PUT /jobs/12" }, true],
    [{ endpoint: "* /jobs/*" }, true],
    [{ endpoint: "PUT /jobs/1" }, false],
    [{ endpoint: "PATCH *" }, false],
    [{ runnerId: 3 }, true],
    [{ runnerId: 4 }, false],
    [{ systemId: SYSTEM_ID }, true],
    [{ systemId: "r_other" }, false],
    [{ jobId: 13 }, false],
    [{ token: "glrt-other" }, false],
    [{ probability: 0 }, false],
  ])("%j matches: %s", (fault, expected) => {
    expect(caught(fault)).toBe(expected);
  });

  it("repeats its random choices for the same seed", () => {
    const draw = (seed: number): boolean[] => {
      const book = new FaultBook();
      book.add({ action, probability: 0.5, seed });
      return Array.from({ length: 40 }, () => book.catch(target, "before") !== undefined);
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(new Set(draw(7)).size).toBe(2);
  });
});
