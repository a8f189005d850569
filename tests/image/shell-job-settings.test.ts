import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { GitServer } from "../support/git-server";
import { createReplicaFixture } from "../support/replica-fixture";

const SECRET = "s3cr3t-$HOME-$$-value";

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
    writeFileSync(secrets, JSON.stringify({ FROM_SECRET: SECRET }));
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
      'echo "flags=$FF_ENABLE_JOB_CLEANUP,$FF_TIMESTAMPS; folder=$PWD"',
    ];
    const { id } = await gitlab.enqueueJob({
      script,
      git: { url: git.urlOn("127.0.0.1"), sha, depth: 0 },
    });

    expect(await gitlab.waitForJob({ id, timeoutMs: 60_000 })).toMatchObject({ status: "success" });
    const lines = (await gitlab.trace({ id })).split("\n").map((line) => line.trimEnd());

    expect(lines).toContain("plain=a b='c'; joined=<a b='c'>; dollar=5$; script=a b='c' again");
    expect(lines).toContain(`secret=${SECRET}`);
    const flags = lines.find((line) => line.startsWith("flags="));
    expect(flags?.startsWith(`flags=true,false; folder=${builds}/`)).toBe(true);
    const order = ["before-sources", "after-sources", "before-job", flags ?? "", "after-job"];
    expect(lines.filter((line) => order.includes(line))).toEqual(order);
    expect(replica.log()).toContain('ignoring runner "[secret]"');
    expect(replica.log()).not.toContain("s3cr3t");
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
