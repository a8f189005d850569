import { describe, expect, it } from "@jest/globals";
import { connectControl, startGitlab } from "../../../local/gitlab";
import { createTestGitlab } from "../../support/gitlab-instance";

describe("controls over HTTP", () => {
  it("are the same as in the process, waits included", async () => {
    await using gitlab = await startGitlab();
    const remote = connectControl(gitlab.url);
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

  it("say what is wrong with a parameter", async () => {
    await using gitlab = await startGitlab();
    const remote = connectControl(gitlab.url);
    await expect(remote.job({ id: 7 })).rejects.toThrow("there is no job 7");
    await expect(remote.advanceClock({ ms: -1 })).rejects.toThrow(/advanceClock: .*ms/s);
  });

  it("want JSON from this machine, or the control token", async () => {
    await using gitlab = await startGitlab({ controlToken: "glpat-admin-token" });
    const call = (headers: Record<string, string>): Promise<number> =>
      fetch(`${gitlab.url}/-/stand-in/control/runners`, { method: "POST", headers }).then(
        ({ status }) => status,
      );
    // A form is what a foreign web page could send.
    expect(await call({ "Content-Type": "application/x-www-form-urlencoded" })).toBe(403);
    expect(await call({ "Content-Type": "application/json" })).toBe(200);
    expect(await call({ Authorization: "Bearer glpat-admin-token" })).toBe(200);
    expect(await call({ Authorization: "Bearer glpat-other" })).toBe(403);
  });
});

describe("waits", () => {
  it("end with what was waited for and what came last", async () => {
    await using gitlab = await createTestGitlab();
    await gitlab.controls.createRunner({});
    const wait = gitlab.controls.waitForEvent(() => false, {
      timeoutMs: 50,
      what: "the impossible",
    });
    await expect(wait).rejects.toThrow(/waited 50 ms for the impossible; .*"change":"created"/);
  });

  it("for a job end with its state and its log", async () => {
    await using gitlab = await createTestGitlab();
    const { id } = await gitlab.controls.enqueueJob({ name: "slow", script: ["true"] });
    const wait = gitlab.controls.waitForJob({ id, timeoutMs: 50 });
    await expect(wait).rejects.toThrow(
      "waited 50 ms for job 1 (slow) to reach its end; it is pending",
    );
  });

  it("give every event to the predicate once, in order", async () => {
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
  it("are held while nothing is new, and answered without GitLab hearing of them", async () => {
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
    expect([answer.status, answer.headers.get("x-gitlab-last-update")]).toEqual([204, last]);
    expect(performance.now() - started).toBeGreaterThanOrEqual(190);
    expect(await gitlab.managers()).toEqual([]);
  });

  it("assign nothing to a client that has left", async () => {
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
