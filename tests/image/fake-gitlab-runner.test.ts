import { describe, expect, it } from "@jest/globals";
import { type Gitlab, startGitlab } from "../../fake-gitlab";
import { eventually } from "../support/eventually";
import { startJob } from "../support/jobs";
import { LocalRunner } from "../support/local-runner";

const SYSTEM_ID = "r_Ab3dEf6hIj9k";
const WAIT_MS = 30_000;

interface Fixture extends AsyncDisposable {
  readonly gitlab: Gitlab;
  readonly runner: LocalRunner;
  readonly runnerId: number;
}

/** Starts a fake GitLab and a real gitlab-runner that polls it. */
async function start(switches: Parameters<Gitlab["setSwitches"]>[0] = {}): Promise<Fixture> {
  const gitlab = await startGitlab();
  await gitlab.setSwitches({ traceIntervalSeconds: 1, ...switches });
  const credentials = await gitlab.createRunner({});
  const runner = await LocalRunner.create({ url: gitlab.url, credentials, systemId: SYSTEM_ID });
  runner.start();
  return {
    gitlab,
    runner,
    runnerId: credentials.id,
    async [Symbol.asyncDispose]() {
      await runner[Symbol.asyncDispose]();
      await gitlab.stop();
    },
  };
}

describe("the real gitlab-runner against the fake GitLab", () => {
  it("runs a job, masks its secret, and reports its system ID and version", async () => {
    await using fixture = await start();
    const { gitlab, runnerId } = fixture;
    const { id } = await gitlab.enqueueJob({
      name: "secret",
      script: ['echo "the secret is $SECRET"', "exit 0"],
      variables: [{ key: "SECRET", value: "abcdefgh12345678", masked: true }],
    });
    const job = await gitlab.waitForJob({ id, timeoutMs: WAIT_MS });
    expect(job).toMatchObject({ status: "success", runnerId, systemId: SYSTEM_ID });
    const log = await gitlab.trace({ id });
    expect(log).toContain("\nthe secret is [MASKED]\n");
    expect(log).toContain("Job succeeded");
    expect(log).not.toContain("abcdefgh12345678");
    expect(await gitlab.managers()).toMatchObject([
      { systemId: SYSTEM_ID, status: "online", version: "19.4.0", executor: "shell" },
    ]);
  });

  it("reports a failing script with its exit code, and runs the retry", async () => {
    await using fixture = await start();
    const { gitlab } = fixture;
    const retry = { max: 1, when: ["script_failure"] };
    const { id } = await gitlab.enqueueJob({ script: ["exit 3"], retry });
    const last = await gitlab.waitForJob({ id, timeoutMs: WAIT_MS, followRetries: true });
    expect(last).toMatchObject({ status: "failed", retryOf: id, failureReason: "script_failure" });
    expect(await gitlab.job({ id })).toMatchObject({ exitCode: 3, retriedAs: last.id });
  });

  it("passes artifacts from one job to the next", async () => {
    await using fixture = await start();
    const { gitlab } = fixture;
    const made = await gitlab.enqueueJob({
      script: ["mkdir out", "echo made > out/file"],
      artifacts: [{ paths: ["out"] }],
    });
    const used = await gitlab.enqueueJob({ script: ["cat out/file"], needs: [made.id] });
    const job = await gitlab.waitForJob({ id: used.id, timeoutMs: WAIT_MS });
    expect(job.status).toBe("success");
    expect(await gitlab.trace({ id: used.id })).toContain("\nmade\n");
  });

  it("stops the script of a canceled job and still runs its after_script", async () => {
    await using fixture = await start();
    const { gitlab } = fixture;
    // A runner learns of a cancel only from the responses to its log, so the job must write.
    const script = ["echo started", "while sleep 1; do echo .; done"];
    const { id } = await gitlab.enqueueJob({ script, afterScript: ["echo cleaned up"] });
    await eventually(async () => (await gitlab.trace({ id })).includes("\nstarted\n"), {
      what: "the job's first line",
      timeoutMs: WAIT_MS,
    });
    expect(await gitlab.cancelJob({ id })).toMatchObject({ status: "canceling" });
    const job = await gitlab.waitForJob({ id, timeoutMs: WAIT_MS });
    expect(job.status).toBe("canceled");
    expect(await gitlab.trace({ id })).toContain("\ncleaned up\n");
  });

  it("finishes its job after SIGQUIT, although its runner and manager are deleted", async () => {
    await using fixture = await start();
    const { gitlab, runner, runnerId } = fixture;
    const id = await startJob(gitlab, { script: ["sleep 3", "echo whole"] });
    const stopped = runner.stop("SIGQUIT");
    await gitlab.deleteRunner({ runnerId });
    expect(await stopped).toBe(0);
    expect(await gitlab.job({ id })).toMatchObject({ status: "success" });
    expect(await gitlab.trace({ id })).toContain("\nwhole\n");
    expect(await gitlab.managers()).toEqual([]);
  });

  it.each([
    ["runner_interrupted", {}],
    ["unknown_failure", { failureReasons: ["unknown_failure"] }],
  ])("reports a job as %s when SIGTERM aborts it", async (reason, switches) => {
    await using fixture = await start(switches);
    const { gitlab, runner } = fixture;
    const id = await startJob(gitlab, { script: ["sleep 60"] });
    expect(await runner.stop("SIGTERM")).toBe(0);
    const job = await gitlab.waitForJob({ id, timeoutMs: 5000 });
    expect(job).toMatchObject({ status: "failed", failureReason: reason });
  });

  it("starts a job with a two-phase commit", async () => {
    await using fixture = await start({ twoPhaseCommit: true });
    const { gitlab } = fixture;
    const { id } = await gitlab.enqueueJob({ script: ["true"] });
    expect(await gitlab.waitForJob({ id, timeoutMs: WAIT_MS })).toMatchObject({
      status: "success",
    });
  });

  it("is woken from a long poll by a new job, and gets it with its next poll", async () => {
    await using fixture = await start({ longPollSeconds: 50 });
    const { gitlab } = fixture;
    await gitlab.waitForEvent((event) => event.kind === "held" && event.why === "long poll", {
      what: "a held poll",
      timeoutMs: WAIT_MS,
    });
    const queued = performance.now();
    const { id } = await gitlab.enqueueJob({ script: ["true"] });
    await gitlab.waitForJob({ id, until: ["running", "success"], timeoutMs: WAIT_MS });
    expect(performance.now() - queued).toBeLessThan(2000);
  });

  it("sends the end of the log again if GitLab's proxy lost it", async () => {
    await using fixture = await start();
    const { gitlab } = fixture;
    const action = { kind: "drop answer" } as const;
    await gitlab.addFault({ endpoint: "PATCH /jobs/:id/trace", times: 2, action });
    const { id } = await gitlab.enqueueJob({
      script: ["for i in 1 2 3 4; do echo n$i; sleep 1; done"],
    });
    expect(await gitlab.waitForJob({ id, timeoutMs: WAIT_MS })).toMatchObject({
      status: "success",
    });
    const lines = (await gitlab.trace({ id })).match(/^n\d$/gm);
    expect(lines).toEqual(["n1", "n2", "n3", "n4"]);
    const { events } = await gitlab.events();
    expect(events.some((event) => event.kind === "request" && event.status === 416)).toBe(true);
  });
});

describe("gitlab-runner's commands against the fake GitLab", () => {
  const register = (runner: LocalRunner, url: string, token: string, args: string[] = []) =>
    runner.command(
      "register",
      ["--non-interactive", "--url", url, "--executor", "shell", ...args],
      { [token.startsWith("GR1348941") ? "REGISTRATION_TOKEN" : "CI_SERVER_TOKEN"]: token },
    );

  it("register, verify and unregister a manager with an authentication token", async () => {
    await using gitlab = await startGitlab();
    const { id, token } = await gitlab.createRunner({});
    await using runner = await LocalRunner.create({ url: gitlab.url, systemId: SYSTEM_ID });
    expect(await register(runner, gitlab.url, token)).toMatchObject({ code: 0 });
    expect(await runner.readConfig()).toContain(`id = ${id}\n`);
    expect(await gitlab.managers()).toMatchObject([{ systemId: SYSTEM_ID, status: "online" }]);
    expect((await runner.command("verify", [])).output).toContain("is valid");
    const unregistered = await runner.command("unregister", ["--all-runners"]);
    expect(unregistered.output).toContain("Unregistering runner manager from GitLab succeeded");
    expect(await gitlab.managers()).toEqual([]);
    expect(await gitlab.runners()).toHaveLength(1);
  });

  it("register and unregister a runner with a registration token", async () => {
    await using gitlab = await startGitlab({ switches: { registrationAllowed: true } });
    const { token } = await gitlab.registrationToken();
    await using runner = await LocalRunner.create({ url: gitlab.url, systemId: SYSTEM_ID });
    const args = ["--tag-list", "a,b", "--run-untagged=false", "--locked=true"];
    expect(await register(runner, gitlab.url, token, args)).toMatchObject({ code: 0 });
    expect(await gitlab.runners()).toMatchObject([{ tags: ["a", "b"], runUntagged: false }]);
    const unregistered = await runner.command("unregister", ["--all-runners"]);
    expect(unregistered).toMatchObject({ code: 0 });
    expect(await gitlab.runners()).toEqual([]);
  });

  it("unregister deletes the shared runner if an instance prefix hides the token's type", async () => {
    await using gitlab = await startGitlab({ switches: { tokenPrefix: "acme-" } });
    const { token } = await gitlab.createRunner({});
    await using runner = await LocalRunner.create({ url: gitlab.url, systemId: SYSTEM_ID });
    expect(await register(runner, gitlab.url, token)).toMatchObject({ code: 0 });
    await runner.command("unregister", ["--all-runners"]);
    expect(await gitlab.runners()).toEqual([]);
  });

  it.each([
    [403, "GR1348941unknownunknown", { registrationAllowed: true }],
    [410, "GR1348941unknownunknown", {}],
    [403, "glrt-t1_unknown", {}],
  ])("register fails with exit code 1 on %i (%s)", async (status, token, switches) => {
    await using gitlab = await startGitlab({ switches });
    await using runner = await LocalRunner.create({ url: gitlab.url });
    expect(await register(runner, gitlab.url, token)).toMatchObject({ code: 1 });
    const { events } = await gitlab.events();
    expect(events).toContainEqual(expect.objectContaining({ kind: "request", status }));
    expect(await runner.readConfig()).not.toContain("[[runners]]");
  });
});
