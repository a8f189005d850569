import http from "node:http";
import { describe, expect, it } from "@jest/globals";
import { connectControl, startGitlab } from "../../../fake-gitlab";
import { createTestGitlab } from "../../support/gitlab-instance";

const TOKEN = "glpat-admin-token";

describe("the control API over HTTP", () => {
  it("works like the in-process controls, including waits", async () => {
    await using gitlab = await startGitlab({ controlToken: TOKEN });
    const remote = connectControl(gitlab.url, { token: TOKEN });
    const { id: runnerId, token } = await remote.createRunner({ tags: ["a"] });
    const { id } = await remote.enqueueJob({ script: ["true"], tags: ["a"] });
    const running = remote.waitForJob({ id, until: ["running"], timeoutMs: 5000 });
    await fetch(`${gitlab.url}/api/v4/jobs/request`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ token, system_id: "r_000000000001" }),
    });
    expect(await running).toMatchObject({ runnerId });
    expect(await remote.runners()).toEqual(await gitlab.runners());
    const created = await remote.waitForEvent((event) => event.kind === "manager", {
      timeoutMs: 1000,
      what: "the manager",
    });
    expect(created).toMatchObject({ change: "created", systemId: "r_000000000001" });
  });

  it("reports which parameter is wrong, and why", async () => {
    await using gitlab = await startGitlab({ controlToken: TOKEN });
    const remote = connectControl(gitlab.url, { token: TOKEN });
    await expect(remote.job({ id: 7 })).rejects.toThrow("there is no job 7");
    await expect(remote.advanceClock({ ms: -1 })).rejects.toThrow(/advanceClock: .*ms/s);
  });

  it("requires the control token, even on the same machine", async () => {
    await using gitlab = await startGitlab({ controlToken: TOKEN });
    const call = (headers: Record<string, string>): Promise<number> =>
      fetch(`${gitlab.url}/-/fake-gitlab/control/runners`, { method: "POST", headers }).then(
        ({ status }) => status,
      );
    const json = { "Content-Type": "application/json" };
    expect(await call(json)).toBe(403);
    expect(await call({ ...json, Authorization: `Bearer ${TOKEN}` })).toBe(200);
    expect(await call({ ...json, Authorization: "Bearer glpat-other" })).toBe(403);
  });

  it("is disabled without a control token", async () => {
    await using gitlab = await startGitlab();
    for (const token of ["", "undefined", TOKEN]) {
      await expect(connectControl(gitlab.url, { token }).runners()).rejects.toThrow(
        "the controls require the control token",
      );
    }
  });
});

describe("a fake GitLab", () => {
  const get = (url: string, host: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const request = http.get(url, { headers: { Host: host, Authorization: `Bearer ${TOKEN}` } });
      request.on("response", ({ statusCode }) => {
        resolve(statusCode);
        request.destroy();
      });
      request.on("error", reject);
    });

  it.each([
    "/",
    "/?x",
    "/-/fake-gitlab/feed",
    "/-/fake-gitlab/jobs/1/log",
    "/-/fake-gitlab/control/jobs",
  ])("refuses to serve %s under a foreign host name", async (path) => {
    await using gitlab = await startGitlab({ controlToken: TOKEN });
    gitlab.instance.externalUrl = "http://gitlab.example:8929";
    await gitlab.enqueueJob({ script: ["true"] });
    const answers = (hosts: readonly string[]): Promise<(number | undefined)[]> =>
      Promise.all(hosts.map((host) => get(gitlab.url + path, host)));
    const own = await answers(["localhost:1", "127.0.0.1", "gitlab.example:8929", "[::1]:8929"]);
    expect(own.map((status) => status === 421)).toEqual([false, false, false, false]);
    expect(await answers(["evil.example", "localhost.evil.example:8929", "10.0.0.9"])).toEqual([
      421, 421, 421,
    ]);
  });

  it("answers API calls under any host name, as GitLab does", async () => {
    await using gitlab = await startGitlab();
    expect(await get(`${gitlab.url}/api/v4/version`, "a-proxy.example")).toBe(401);
  });

  it("listens on exactly the given addresses, all on the same port", async () => {
    await using gitlab = await startGitlab({ host: ["127.0.0.1", "127.0.0.2"] });
    const port = new URL(gitlab.url).port;
    const health = (host: string): Promise<number> =>
      fetch(`http://${host}:${port}/-/health`).then(({ status }) => status);
    expect([await health("127.0.0.1"), await health("127.0.0.2")]).toEqual([200, 200]);
    await expect(health("127.0.0.3")).rejects.toThrow("fetch failed");
    await gitlab.stop();
    await expect(health("127.0.0.2")).rejects.toThrow("fetch failed");
  });

  it("does not start if this machine does not have one of the addresses", async () => {
    await expect(startGitlab({ host: ["127.0.0.1", "192.0.2.1"] })).rejects.toThrow(
      "EADDRNOTAVAIL",
    );
  });
});

describe("waiting for an event or a job", () => {
  it("times out with what it waited for and the last event", async () => {
    await using gitlab = await createTestGitlab();
    await gitlab.controls.createRunner({});
    const wait = gitlab.controls.waitForEvent(() => false, {
      timeoutMs: 50,
      what: "the impossible",
    });
    await expect(wait).rejects.toThrow(/waited 50 ms for the impossible; .*"change":"created"/);
  });

  it("times out with the state of the job", async () => {
    await using gitlab = await createTestGitlab();
    const { id } = await gitlab.controls.enqueueJob({ name: "slow", script: ["true"] });
    const wait = gitlab.controls.waitForJob({ id, timeoutMs: 50 });
    await expect(wait).rejects.toThrow(
      "waited 50 ms for job 1 (slow) to reach its end; it is pending",
    );
  });

  it("passes every event to the predicate once, in order", async () => {
    await using gitlab = await createTestGitlab();
    const seen: number[] = [];
    const wait = gitlab.controls.waitForEvent(
      ({ seq }) => {
        seen.push(seq);
        return seen.length === 3;
      },
      { timeoutMs: 2000, what: "three events" },
    );
    for (let n = 0; n < 3; n += 1) await gitlab.controls.createRunner({});
    await wait;
    expect(seen).toEqual([1, 2, 3]);
  });
});

describe("long polls", () => {
  it("are held while nothing changes, and do not count as contact", async () => {
    await using gitlab = await startGitlab({ switches: { longPollSeconds: 0.2 } });
    const { id: runnerId, token } = await gitlab.createRunner({});
    const poll = (last_update?: string | null): Promise<Response> =>
      fetch(`${gitlab.url}/api/v4/jobs/request`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ token, system_id: "r_000000000001", last_update }),
      });
    const last = (await poll()).headers.get("x-gitlab-last-update");
    await gitlab.deleteManager({ runnerId, systemId: "r_000000000001" });
    const started = performance.now();
    const answer = await poll(last);
    expect([answer.status, answer.headers.get("x-gitlab-last-update")]).toEqual([204, null]);
    expect(performance.now() - started).toBeGreaterThanOrEqual(190);
    expect(await gitlab.managers()).toEqual([]);
  });

  it("assign no job to a client that has disconnected", async () => {
    await using gitlab = await startGitlab({ switches: { longPollSeconds: 50 } });
    const { token } = await gitlab.createRunner({});
    const leave = new AbortController();
    const poll = (last_update?: string | null): Promise<Response> =>
      fetch(`${gitlab.url}/api/v4/jobs/request`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ token, system_id: "r_000000000001", last_update }),
        signal: leave.signal,
      });
    const held = poll((await poll()).headers.get("x-gitlab-last-update"));
    await gitlab.waitForEvent((event) => event.kind === "held", {
      timeoutMs: 2000,
      what: "the poll",
    });
    leave.abort();
    await expect(held).rejects.toThrow();
    await gitlab.waitForEvent((event) => event.kind === "request" && event.status === null, {
      timeoutMs: 2000,
      what: "the end of the poll",
    });
    const { id } = await gitlab.enqueueJob({ script: ["true"] });
    expect(await gitlab.job({ id })).toMatchObject({ status: "pending", runnerId: null });
  });
});
