import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { createReplicaFixture, type ReplicaFixture } from "../support/replica-fixture";
import type { ReplicaProcess } from "../support/replica-process";

let fixture: ReplicaFixture;
let places: string;
beforeAll(async () => {
  fixture = await createReplicaFixture();
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});
beforeEach(() => {
  places = mkdtempSync(join(tmpdir(), "places-"));
});
afterEach(() => {
  rmSync(places, { recursive: true });
});

/** Starts a replica as Swarm does: all replicas of a slot have the same variables. */
async function start(slot = "1"): Promise<readonly [ReplicaProcess, string]> {
  const replica = await fixture.replica({
    env: {
      POOL_PLACES: places,
      RUNNER_SLOT: slot,
      RUNNER_NODE: "n",
    },
  });
  await replica.waitForState("online");
  return [replica, await readSystemId(replica)];
}

async function readSystemId(replica: ReplicaProcess): Promise<string> {
  return /^system ID (\S+),/.exec(await replica.waitForState("starting"))?.[1] ?? "";
}

async function end(replica: ReplicaProcess): Promise<void> {
  replica.stop("SIGQUIT");
  expect((await replica.exit()).code).toBe(0);
}

describe("the place of a replica", () => {
  it("gives a replica a new system ID if Swarm reuses a slot while its last replica drains", async () => {
    const [leaving, first] = await start();
    const { id } = await fixture.gitlab.enqueueJob({ script: ["sleep 600"] });
    await fixture.gitlab.waitForJob({ id, until: ["running"], timeoutMs: 20_000 });
    leaving.stop("SIGQUIT");
    await leaving.waitForState("draining");

    const [newcomer, second] = await start();

    expect(second).not.toBe(first);
    expect([...(await fixture.systemIds())].sort()).toEqual([first, second].sort());
    await fixture.gitlab.cancelJob({ id });
    expect((await leaving.exit()).code).toBe(0);
    expect(await fixture.systemIds()).toEqual([second]);
    await end(newcomer);
  });

  it("brings a killed replica back under its system ID, whichever place it had", async () => {
    const [stays, first] = await start();
    const [killed, second] = await start();
    await killed.killAll();

    const [back, third] = await start();

    expect(third).toBe(second);
    // Both places are free now. The first one belongs to a killed replica.
    await end(back);
    await stays.killAll();
    const [again, fourth] = await start();
    expect(fourth).toBe(first);
    await end(again);
    expect(await fixture.systemIds()).toEqual([]);
  });

  it("is that of a killed replica rather than a free one with a lower number", async () => {
    const [leaves] = await start();
    const [killed, second] = await start();
    await killed.killAll();
    await end(leaves);

    const [back, third] = await start();

    expect(third).toBe(second);
    await end(back);
    expect(readdirSync(places).map((name) => readFileSync(join(places, name), "utf8"))).toEqual([
      "",
      "",
    ]);
  });

  it("is different for each of ten replicas that start at once", async () => {
    const started = await Promise.all(Array.from({ length: 10 }, () => start()));
    expect(new Set(started.map(([, systemId]) => systemId)).size).toBe(10);
    await Promise.all(started.map(([replica]) => end(replica)));
  });

  it("is reused by the next replica, so that caches stay warm", async () => {
    const [one, first] = await start("3");
    await end(one);
    const [two, second] = await start("3");
    expect(second).toBe(first);
    await end(two);
  });

  it("is optional: a replica without one starts and logs a warning", async () => {
    const replica = await fixture.replica({ env: { POOL_PLACES: join(places, "none") } });
    expect(await replica.waitForState("warning")).toContain("because no volume is mounted");
    await end(replica);
  });
});

describe("take_place", () => {
  const script = resolve(__dirname, "../../runner-image/place.sh");
  const take = (env: Readonly<Record<string, string>>, shell = "sh") =>
    execFileSync(shell, ["-c", `. ${script}; take_place; printf %s "$place"`], {
      env: { PATH: process.env["PATH"], POOL_PLACES: places, ...env },
      encoding: "utf8",
      // If its input were a socket, bash would read the user's startup files.
      stdio: ["ignore", "pipe", "pipe"],
    });

  it.each([
    ["of a pool's replica", { RUNNER_SETTINGS: '{"RUNNER_NAME":"a","RUNNER_SLOT":"12"}' }, "12.0"],
    ["that is set directly", { RUNNER_SLOT: "3", RUNNER_SETTINGS: '{"RUNNER_SLOT":"12"}' }, "3.0"],
    ["that is not set", {}, "any.0"],
    ["that is not a file name", { RUNNER_SLOT: "../x" }, "any.0"],
  ])("takes a file named after the slot %s", (_, env, file) => {
    expect(take(env)).toBe(join(places, file));
    expect(take(env, "bash")).toBe(join(places, file));
  });

  it("finds the slot after 100 KiB of other settings at once, whatever their text", () => {
    const settings = {
      RUNNER_CONFIG_TEMPLATE: `# "RUNNER_SLOT":"5"\n${"# a comment\n".repeat(9_000)}`,
      RUNNER_SLOT: "12",
      RUNNER_TAGS: '"RUNNER_SLOT":"7"',
    };
    const startedMs = performance.now();
    expect(take({ RUNNER_SETTINGS: JSON.stringify(settings) })).toBe(join(places, "12.0"));
    // dash's own search took more than ten seconds.
    expect(performance.now() - startedMs).toBeLessThan(3_000);
  });

  it("takes the file of a killed replica before others", () => {
    writeFileSync(join(places, "1.0"), "");
    writeFileSync(join(places, "1.7"), "r_abcdefghijkl\n");
    expect(take({ RUNNER_SLOT: "1" })).toBe(join(places, "1.7"));
    expect(take({ RUNNER_SLOT: "2" })).toBe(join(places, "2.0"));
  });

  it("creates a file that jobs of the shell executor cannot open or lock", () => {
    take({ RUNNER_SLOT: "1" });
    expect(statSync(join(places, "1.0")).mode & 0o777).toBe(0o600);
  });

  it.each(["/nowhere", "/proc/1"])("takes no place in %s, and the shell continues", (folder) => {
    expect(take({ POOL_PLACES: folder })).toBe("");
  });
});
