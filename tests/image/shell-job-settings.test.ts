import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { eventually } from "../support/eventually";
import { GitServer } from "../support/git-server";
import { createReplicaFixture } from "../support/replica-fixture";

const SECRET = "s3cr3t-$HOME-$$-value";

/** Has only dollar signs that gitlab-runner does not expand. */
const UNEXPANDED = "s3cr3t $/ $.a$";

describe("a real job of the shell executor", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "job-settings-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("gets the variables, feature flags, scripts and builds folder of the settings", async () => {
    await using fixture = await createReplicaFixture();
    await using git = await GitServer.start([]);
    writeFileSync(join(git.folder, "file"), "content");
    const sha = await git.commit("one", "main");
    const { gitlab } = fixture;
    const [secrets, builds, etc] = ["secrets", "builds", "etc"].map((name) => join(folder, name));
    if (secrets === undefined || builds === undefined || etc === undefined) throw new Error("path");
    writeFileSync(secrets, JSON.stringify({ FROM_SECRET: SECRET, UNEXPANDED }));
    mkdirSync(etc);
    // The replica warns about a runner that it ignores, and names it.
    writeFileSync(join(etc, "config.toml"), `[[runners]]\nname = "${SECRET}"\ntoken = "other"\n`);
    const replica = await fixture.replica({
      etc,
      env: {
        RUNNER_ENVIRONMENT: JSON.stringify({ PLAIN: "a b='c'", JOINED: "<$PLAIN>", DOLLAR: "5$$" }),
        RUNNER_SECRET_ENVIRONMENT_FILE: secrets,
        RUNNER_FEATURE_FLAGS: "FF_ENABLE_JOB_CLEANUP=true\nFF_TIMESTAMPS=false",
        RUNNER_BUILDS_DIR: builds,
        RUNNER_PRE_GET_SOURCES_SCRIPT: "echo before-sources",
        RUNNER_POST_GET_SOURCES_SCRIPT: "echo after-sources",
        RUNNER_PRE_BUILD_SCRIPT: 'echo before-job\nFROM_SCRIPT="$PLAIN again"',
        RUNNER_POST_BUILD_SCRIPT: "echo after-job",
        RUNNER_OUTPUT_LIMIT: "1m",
      },
    });
    const script = [
      'echo "plain=$PLAIN; joined=$JOINED; dollar=$DOLLAR; script=$FROM_SCRIPT"',
      'echo "secret=$FROM_SECRET"',
      'echo "unexpanded=$UNEXPANDED; reference=$REFERENCE"',
      'echo "flags=$FF_ENABLE_JOB_CLEANUP,$FF_TIMESTAMPS; folder=$PWD"',
    ];
    const { id } = await gitlab.enqueueJob({
      script,
      git: { url: git.urlOn("127.0.0.1"), sha, depth: 0 },
      variables: [{ key: "REFERENCE", value: "$UNEXPANDED, $FROM_SECRET", public: true }],
    });

    expect(await gitlab.waitForJob({ id, timeoutMs: 60_000 })).toMatchObject({ status: "success" });
    const lines = (await gitlab.trace({ id })).split("\n").map((line) => line.trimEnd());

    expect(lines).toContain("plain=a b='c'; joined=<a b='c'>; dollar=5$; script=a b='c' again");
    expect(lines).toContain(`secret=${SECRET}`);
    // The limit that docs/settings.md describes: gitlab-runner expands a variable only once.
    const doubled = SECRET.replaceAll("$", "$$$$");
    expect(lines).toContain(`unexpanded=${UNEXPANDED}; reference=${UNEXPANDED}, ${doubled}`);
    const flags = lines.find((line) => line.startsWith("flags="));
    expect(flags?.startsWith(`flags=true,false; folder=${builds}/`)).toBe(true);
    const order = ["before-sources", "after-sources", "before-job", flags ?? "", "after-job"];
    expect(lines.filter((line) => order.includes(line))).toEqual(order);
    expect(replica.log()).toContain('ignoring runner "[secret]"');
    expect(replica.log()).not.toContain("s3cr3t");
  });

  it("clones from the clone URL into a folder that it chooses, and leaves a clean clone", async () => {
    await using fixture = await createReplicaFixture();
    await using git = await GitServer.start([]);
    writeFileSync(join(git.folder, "file"), "content");
    const sha = await git.commit("one", "main");
    // gitlab-runner appends the path of the project to the clone URL.
    mkdirSync(join(git.folder, ".git/ci"));
    symlinkSync("..", join(git.folder, ".git/ci/demo.git"));
    const { gitlab } = fixture;
    const builds = join(folder, "own-builds");
    await fixture.replica({
      env: {
        RUNNER_BUILDS_DIR: builds,
        RUNNER_CLONE_URL: git.urlOn(findAddress()),
        RUNNER_CUSTOM_BUILD_DIR: "true",
        RUNNER_CLEAN_GIT_CONFIG: "true",
        RUNNER_DEBUG_TRACE_DISABLED: "true",
      },
    });
    const { id } = await gitlab.enqueueJob({
      script: ['echo "folder=$PWD; file=$(cat file)"', "ls .git/config"],
      variables: [
        { key: "GIT_CLONE_PATH", value: "$CI_BUILDS_DIR/chosen" },
        { key: "CI_DEBUG_TRACE", value: "true" },
      ],
      git: { url: "http://127.0.0.1:1/", sha, depth: 0 },
    });

    expect(await gitlab.waitForJob({ id, timeoutMs: 60_000 })).toMatchObject({ status: "success" });
    const trace = await gitlab.trace({ id });

    expect(trace).toContain(`folder=${builds}/chosen; file=content`);
    expect(trace).toContain("CI_DEBUG_TRACE: usage is disabled on this Runner");
    expect(trace).not.toContain("CI_JOB_TOKEN");
    expect(existsSync(join(builds, "chosen/.git/HEAD"))).toBe(true);
    expect(existsSync(join(builds, "chosen/.git/config"))).toBe(false);
  });

  it("fails if the preparation or getting the sources takes too long", async () => {
    await using fixture = await createReplicaFixture();
    const { gitlab } = fixture;
    const home = join(folder, "home");
    mkdirSync(home);
    // The first login shell is that of the first job's preparation.
    writeFileSync(join(home, ".bash_profile"), "mkdir ~/first 2>/dev/null && sleep 60\n");
    await fixture.replica({
      env: {
        HOME: home,
        RUNNER_CONCURRENT: "2",
        RUNNER_PREPARE_TIMEOUT: "10s",
        RUNNER_GET_SOURCES_TIMEOUT: "11s",
        RUNNER_PRE_GET_SOURCES_SCRIPT: "sleep 60",
      },
    });
    const git = { url: "http://127.0.0.1:1/", sha: "0".repeat(40) };
    const slowToPrepare = await gitlab.enqueueJob({ script: ["true"], git });
    await eventually(() => existsSync(join(home, "first")), {
      what: "the first job to prepare",
      timeoutMs: 30_000,
    });
    const slowToClone = await gitlab.enqueueJob({ script: ["true"], git });

    for (const [{ id }, reason] of [
      [slowToPrepare, "prepare timeout: exceeded timeout of 10s"],
      [slowToClone, "get sources timeout: exceeded timeout of 11s"],
    ] as const) {
      expect(await gitlab.waitForJob({ id, timeoutMs: 60_000 })).toMatchObject({
        status: "failed",
        failureReason: "job_execution_timeout",
      });
      expect(await gitlab.trace({ id })).toContain(reason);
    }
  });

  it("loses what its log has above the output limit, and says so", async () => {
    await using fixture = await createReplicaFixture();
    await fixture.replica({ env: { RUNNER_OUTPUT_LIMIT: "1m" } });
    const script = ["head -c 3000000 /dev/zero | tr '\\0' x; echo; echo the-$((1 + 1))nd"];
    const { id } = await fixture.gitlab.enqueueJob({ script });

    await fixture.gitlab.waitForJob({ id, timeoutMs: 60_000 });
    const trace = await fixture.gitlab.trace({ id });

    // The log is too long for a message.
    expect(trace.includes("Job's log exceeded limit of 1048576 bytes")).toBe(true);
    expect(trace.includes("the-2nd")).toBe(false);
  });
});

/** An address of this machine, because the setting rejects loopback addresses. */
function findAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const found = all.find(({ internal, family }) => !internal && family === "IPv4");
  if (found === undefined) throw new Error("this machine has only loopback addresses");
  return found.address;
}
