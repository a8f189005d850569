import { describe, expect, it } from "@jest/globals";
import { getSystemId } from "../../../contract/identity";
import { startGitlab, type Gitlab } from "../../../fake-gitlab";
import { runStatus } from "../../../tools/status/command";
import { SERVICE, startFakeEngine, type FakeEngineOptions } from "../../support/fake-engine";
import { memoryIo } from "../../support/memory-io";

const SYSTEM_ID = getSystemId({ pool: SERVICE, node: "", slot: "1", place: "g" });

/** The log of the replica in slot 1. */
function logOnline(runnerId: number): FakeEngineOptions {
  const online = `online: accepts jobs as manager ${SYSTEM_ID} of runner ${runnerId}`;
  return { log: () => [["t1", `gitlab-runner-pool: ${online}`]] };
}

/** A runner that has the replica in slot 1 as a manager. */
async function online(gitlab: Gitlab): Promise<{ readonly id: number; readonly token: string }> {
  const runner = await gitlab.createRunner({});
  await post(gitlab, "/runners/verify", { token: runner.token, system_id: SYSTEM_ID });
  return runner;
}

async function post(gitlab: Gitlab, path: string, body: object): Promise<number> {
  const headers = { "Content-Type": "application/json" };
  const url = `${gitlab.url}/api/v4${path}`;
  return (await fetch(url, { method: "POST", headers, body: JSON.stringify(body) })).status;
}

async function status(gitlab: Gitlab, host: string, options: { readonly admin?: boolean } = {}) {
  const { admin = true } = options;
  const params = admin ? {} : { username: "somebody", admin };
  const { token } = await gitlab.createPersonalAccessToken({ ...params, scopes: ["read_api"] });
  const io = memoryIo({ GITLAB_TOKEN: token, DOCKER_HOST: host });
  const exitCode = await runStatus([], io, new AbortController().signal);
  return { exitCode, printed: io.printed(), complained: io.complained() };
}

describe("npm run status", () => {
  it.each<[string, Readonly<Record<string, string>>, string]>([
    ["without a token", {}, "must hold an access token"],
    ["with a token that GitLab rejects", { GITLAB_TOKEN: "glpat-wrong" }, "401"],
  ])("shows Docker's data and exits 2 %s", async (_, env, reason) => {
    await using gitlab = await startGitlab();
    await using engine = await startFakeEngine(gitlab.url, () => [1]);
    const io = memoryIo({ ...env, DOCKER_HOST: engine.host });

    const exitCode = await runStatus([], io, new AbortController().signal);

    expect(io.printed()).toMatch(/^1 .* online /m);
    expect(io.printed()).toMatch(new RegExp(`^GitLab data unavailable: .*${reason}`, "m"));
    expect(exitCode).toBe(2);
  });

  it("shows no password in the address of an engine that it rejects", async () => {
    const io = memoryIo({ GITLAB_TOKEN: "glpat-x", DOCKER_HOST: "bad://ci:hunter2@host:2376" });

    expect(await runStatus([], io, new AbortController().signal)).toBe(2);
    expect(io.complained()).toContain('the engine address "bad://[secret]@host:2376" must start');
    expect(io.printed() + io.complained()).not.toContain("hunter2");
  });

  it("shows a replica as busy if the token cannot see its jobs", async () => {
    await using gitlab = await startGitlab();
    const { id, token } = await online(gitlab);
    await using engine = await startFakeEngine(gitlab.url, () => [1], logOnline(id));
    await gitlab.enqueueJob({ script: ["true"] });
    expect(await post(gitlab, "/jobs/request", { token, system_id: SYSTEM_ID, info: {} })).toBe(
      201,
    );

    expect((await status(gitlab, engine.host)).printed).toMatch(/^1 .* running job 1 /m);
    await gitlab.addFault({
      endpoint: "GET /runners/:id/jobs",
      action: { kind: "status", status: 403 },
    });
    const hidden = await status(gitlab, engine.host);
    expect(hidden.printed).toMatch(/^1 .* busy, jobs not shown .* 1$/m);
    expect(hidden.printed).not.toContain("unavailable");
    expect(hidden.exitCode).toBe(0);
  });

  it("shows a job in state canceling", async () => {
    await using gitlab = await startGitlab();
    const { id, token } = await online(gitlab);
    await using engine = await startFakeEngine(gitlab.url, () => [1], logOnline(id));
    const job = await gitlab.enqueueJob({ script: ["true"] });
    const features = { cancelable: true, cancel_gracefully: true };
    const info = { features };
    expect(await post(gitlab, "/jobs/request", { token, system_id: SYSTEM_ID, info })).toBe(201);
    await gitlab.cancelJob({ id: job.id });
    expect(await gitlab.job({ id: job.id })).toMatchObject({ status: "canceling" });

    expect((await status(gitlab, engine.host)).printed).toMatch(/^1 .* running job 1 /m);
  });

  it("names the required role if GitLab denies the token access to the runner", async () => {
    await using gitlab = await startGitlab();
    const { id } = await gitlab.createGroup({ path: "secret" });
    const runner = await gitlab.createRunner({ type: "group_type", groupId: id });
    await post(gitlab, "/runners/verify", { token: runner.token, system_id: SYSTEM_ID });
    await using engine = await startFakeEngine(gitlab.url, () => [1], logOnline(runner.id));

    const { printed, exitCode } = await status(gitlab, engine.host, { admin: false });
    expect(printed).toMatch(
      new RegExp(`^GitLab data unavailable: .*runner ${runner.id} .*an Owner of the group`, "m"),
    );
    expect(printed).not.toContain("is not in GitLab");
    expect(exitCode).toBe(2);
    expect(await status(gitlab, engine.host)).toMatchObject({ exitCode: 0 });
  });

  it("reports that the token sees too little if no replica names its runner", async () => {
    await using gitlab = await startGitlab();
    await online(gitlab);
    await using engine = await startFakeEngine(gitlab.url, () => [1]);

    const { printed, exitCode } = await status(gitlab, engine.host, { admin: false });
    expect(printed).toMatch(/^GitLab data unavailable: .*nothing of this pool.*administrator/m);
    expect(exitCode).toBe(2);
  });

  it("does not attribute a proxy's response to GitLab", async () => {
    await using gitlab = await startGitlab();
    const { id } = await online(gitlab);
    await using engine = await startFakeEngine(gitlab.url, () => [1], logOnline(id));
    const action = { kind: "text", text: "<html>blocked</html>", status: 404 } as const;
    await gitlab.addFault({ endpoint: "GET /runners/:id/managers", action });

    const { printed, exitCode } = await status(gitlab, engine.host);
    expect(printed).toMatch(/^GitLab data unavailable: .*is there a proxy in between/m);
    expect(printed).not.toContain("is not in GitLab");
    expect(exitCode).toBe(2);
  });

  it("reports a paused runner", async () => {
    await using gitlab = await startGitlab();
    const { id } = await online(gitlab);
    await using engine = await startFakeEngine(gitlab.url, () => [1], logOnline(id));
    await gitlab.editRunner({ runnerId: id, paused: true });

    const { printed, exitCode } = await status(gitlab, engine.host);
    expect(printed).toContain(`problem: runner ${id} is paused in GitLab`);
    expect(exitCode).toBe(1);
  });

  it("reports a replica that has not contacted GitLab for hours", async () => {
    await using gitlab = await startGitlab();
    const { id } = await online(gitlab);
    const manager = [...gitlab.instance.managers.values()][0];
    if (manager !== undefined) manager.contactedAt = Date.now() - 2 * 3_600_000;
    await using engine = await startFakeEngine(gitlab.url, () => [1], logOnline(id));

    const { printed, exitCode } = await status(gitlab, engine.host);
    expect(printed).toMatch(/^problem: replica 1 \(\S+\) has not contacted GitLab for 2h/m);
    expect(exitCode).toBe(1);
  });

  it("skips and names another service whose RUNNER_SETTINGS is not JSON, without showing its value", async () => {
    await using gitlab = await startGitlab();
    const { id } = await online(gitlab);
    const others = { foreign: ["RUNNER_SETTINGS=hunter2hunter2"] };
    await using engine = await startFakeEngine(gitlab.url, () => [1], { ...logOnline(id), others });

    const { printed, complained, exitCode } = await status(gitlab, engine.host);
    expect(printed).toMatch(/^1 .* idle /m);
    expect(complained).toBe(
      "foreign: skipped, RUNNER_SETTINGS is not a JSON object with string values\n",
    );
    expect(exitCode).toBe(0);
  });

  it("prints no control characters from GitLab and Docker", async () => {
    await using gitlab = await startGitlab();
    await using engine = await startFakeEngine(gitlab.url, () => [1], {
      log: () => [
        ["t1", "gitlab-runner-pool: waiting: \u001b]0;pwned\u0007\u202eGitLab\u0085 is away"],
      ],
    });

    const { printed } = await status(gitlab, engine.host);
    expect(printed).toContain("waiting: GitLab is away");
    expect(printed.replaceAll("\n", "")).not.toMatch(/\p{C}/u);
  });

  it("prints no control characters from a service's settings", async () => {
    await using engine = await startFakeEngine("https://gitlab\u001b]0;pwned\u0007", () => [1]);
    const io = memoryIo({ DOCKER_HOST: engine.host });
    await runStatus([], io, new AbortController().signal);

    expect(io.printed()).toContain("1 replica at https://gitlab\n");
    expect(await runStatus(["\u001b[31mred"], io, new AbortController().signal)).toBe(2);
    expect(io.complained()).toContain("no such pool in this swarm: red");
  });
});
