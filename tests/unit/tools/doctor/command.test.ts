import { describe, expect, it } from "@jest/globals";
import { setTimeout as sleep } from "node:timers/promises";
import { listEncodings } from "../../../../contract/redact";
import { runDoctor } from "../../../../tools/doctor/command";
import type { Surroundings } from "../../../../tools/doctor/doctor";
import { formatLine } from "../../../../tools/doctor/format-line";
import { failed, passed, type Outcome } from "../../../../tools/doctor/outcome";
import type { StackConfig } from "../../../../tools/doctor/stack/read-stack";
import { Steps } from "../../../../tools/doctor/steps";
import { TOKEN } from "../../../support/doctor-settings";
import { memoryIo } from "../../../support/memory-io";
import { HEALTHY_ENGINE, scriptedEngine } from "../../../support/scripted-engine";

const CHECKS = [
  ...["settings", "engine", "swarm", "registry", "base image", "GitLab", "token", "network"],
  ...["node resources", "versions"],
];

const CONFIG: StackConfig = {
  project: "gitlab-runner-pool",
  stack: "dev",
  entries: new Map([
    ["gitlabUrl", { value: "http://gitlab.invalid", isSecret: false }],
    ["token", { value: TOKEN, isSecret: true }],
    ["registry", { value: '{"address":"registry.example.com/ci"}', isSecret: false }],
  ]),
};

/** A machine on which everything but GitLab answers. */
function machine(changes: Partial<Surroundings> = {}): Partial<Surroundings> {
  return {
    readStack: () => Promise.resolve(CONFIG),
    readPulumiVersion: () => Promise.resolve("3.256.0"),
    nodeVersion: "24.1.0",
    locateEngine: () => ({ host: "tcp://x:1", address: { kind: "tcp", host: "x", port: 1 } }),
    engine: scriptedEngine(HEALTHY_ENGINE),
    registry: ({ method }) => {
      const status = method === "POST" ? 202 : method === "GET" ? 200 : 204;
      return Promise.resolve({ status, header: () => "/v2/u/1", text: "" });
    },
    ...changes,
  };
}

async function run(changes: Partial<Surroundings> = {}, args: readonly string[] = []) {
  const io = memoryIo({ HOME: "/no/such/home" });
  const exitCode = await runDoctor(args, io, machine(changes));
  const lines = io.printed().trimEnd().split("\n");
  return { exitCode, lines, printed: io.printed(), complained: io.complained() };
}

const symbols = (lines: readonly string[]) => lines.map((line) => line.slice(0, 1)).join("");

describe("npm run doctor", () => {
  it("prints one line for each check, in order, and exits 1 because GitLab does not answer", async () => {
    const { exitCode, lines } = await run();
    expect(lines.map((line) => line.slice(2, line.indexOf(":")))).toEqual(CHECKS);
    expect(symbols(lines)).toBe("✓✓✓✓✓✗-✓✓✓");
    expect(lines[6]).toBe('- token: skipped because the check "GitLab" failed');
    expect(exitCode).toBe(1);
  });

  it("checks the engine of the jobs after the swarm if `docker.host` is set", async () => {
    const docker = { value: '{"host":"unix:///run/podman/podman.sock"}', isSecret: false };
    const entries = new Map([...CONFIG.entries, ["docker", docker] as const]);
    const { lines } = await run({ readStack: () => Promise.resolve({ ...CONFIG, entries }) });
    expect(lines.map((line) => line.slice(2, line.indexOf(":"))).slice(2, 5)).toEqual([
      "swarm",
      "job engine",
      "registry",
    ]);
    expect(lines[3]).toMatch(/^- job engine: skipped because unix:\S+ is a socket on the nodes/);
  });

  it("skips what needs the engine", async () => {
    const engine = scriptedEngine({ "/version": new Error("no engine") });
    const { lines } = await run({ engine });
    expect(symbols(lines)).toBe("✓✗-✓-✗---✓");
    expect(lines[7]).toBe('- network: skipped because the check "engine" failed');
  });

  it("skips what needs the swarm, but not the images", async () => {
    const engine = scriptedEngine({ ...HEALTHY_ENGINE, "/info": { Name: "vm" } });
    const { lines } = await run({ engine });
    expect(symbols(lines)).toBe("✓✓✗✓✓✗---✓");
    expect(lines[8]).toBe('- node resources: skipped because the check "swarm" failed');
  });

  it("skips what needs the settings, and still checks the rest", async () => {
    const { lines, exitCode } = await run({
      readStack: () => Promise.resolve({ problem: "no stack" }),
    });
    expect(symbols(lines)).toBe("✗✓✓------✓");
    expect(lines[9]).toContain("engine API 1.51, gitlab-runner unknown, GitLab unknown");
    expect(exitCode).toBe(1);
  });

  it("never prints a secret, even one that a server repeats", async () => {
    const echo = listEncodings(TOKEN).join(" ");
    const { printed } = await run({
      registry: () => Promise.reject(new Error(`echo ${echo}`)),
    });
    expect(printed).toContain("cannot be reached (echo [secret]");
    for (const encoded of listEncodings(TOKEN)) expect(printed).not.toContain(encoded);
  });

  it("redacts a secret with a line break, which GitLab's client rejects and repeats", async () => {
    const secret = "glpat-first-half\nsecond-half-of-it";
    const io = memoryIo({ HOME: "/no/such/home", GITLAB_TOKEN: secret });
    await runDoctor([], io, machine());
    expect(io.printed()).not.toMatch(/first-half|second-half/);
  });

  it("lets no text control the terminal or add a line", async () => {
    const { lines, printed } = await run({
      registry: () => Promise.reject(new Error("a\u001b[2J\n✓ forged: b")),
    });
    expect(lines).toHaveLength(CHECKS.length);
    expect(printed).not.toContain("\u001b");
  });

  it("prints help and exits 0", async () => {
    const { exitCode, printed } = await run({}, ["--help"]);
    expect(exitCode).toBe(0);
    expect(printed).toContain("--stack <name>");
    expect(printed).toMatch(/2 {2}the command line is wrong/);
  });

  it.each([[["--unknown"]], [["--stack"]], [["--stack", " "]], [["argument"]]])(
    "exits 2 with %j",
    async (args) => {
      const { exitCode, printed, complained } = await run({}, args);
      expect(exitCode).toBe(2);
      expect(printed).toBe("");
      expect(complained).toMatch(/^error: /);
    },
  );
});

describe("a check", () => {
  async function runSteps(action: (steps: Steps) => Promise<unknown>, timeoutMs?: number) {
    const reported: [string, Outcome][] = [];
    const steps = new Steps((name, outcome) => reported.push([name, outcome]), timeoutMs);
    await action(steps);
    return { steps, reported };
  }

  it("that takes too long fails and says what it waited for", async () => {
    const { steps, reported } = await runSteps(
      (all) =>
        all.run("registry", {}, async (_, waitFor) => {
          waitFor("an answer from https://r/v2/");
          await sleep(60_000, undefined, { ref: false });
          return passed("late", 1);
        }),
      20,
    );
    expect(reported).toEqual([
      [
        "registry",
        {
          kind: "failed",
          problems: [
            "gave up after 0.02 s of waiting for an answer from https://r/v2/: run the command again",
          ],
        },
      ],
    ]);
    expect(steps.hasFailed).toBe(true);
  });

  it("that throws fails with the message", async () => {
    const { reported } = await runSteps((all) =>
      all.run("swarm", {}, () => Promise.reject(new Error("no leader"))),
    );
    expect(reported).toEqual([
      [
        "swarm",
        {
          kind: "failed",
          problems: ["no leader (while waiting for the check to start): run the command again"],
        },
      ],
    ]);
  });

  it("runs only if what it needs has a value", async () => {
    let runs = 0;
    const { reported, steps } = await runSteps(async (all) => {
      const one = await all.run("one", {}, () => Promise.resolve(passed("fine", 7)));
      const two = await all.run("two", { one }, ({ one: value }) => {
        expect(value).toBe(7);
        return Promise.resolve(failed<number>("broken"));
      });
      await all.run("three", { one, two }, () => {
        runs += 1;
        return Promise.resolve(passed("never"));
      });
    });
    expect(runs).toBe(0);
    expect(reported[2]).toEqual(["three", { kind: "skipped", reason: 'the check "two" failed' }]);
    expect(steps.hasFailed).toBe(true);
  });
});

describe("a line", () => {
  it.each<[Outcome, string]>([
    [{ kind: "passed", text: "fine" }, "✓ x: fine"],
    [{ kind: "warned", text: "odd" }, "! x: odd"],
    [{ kind: "skipped", reason: "of y" }, "- x: skipped because of y"],
    [{ kind: "failed", problems: ["a"] }, "✗ x: a"],
    [{ kind: "failed", problems: ["a", "b"] }, "✗ x: 2 problems\n    a\n    b"],
  ])("is written for %j", (outcome, line) => {
    expect(formatLine("x", outcome)).toBe(line);
  });
});
