import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { RunnerProcess } from "../../../../runner-image/src/gitlab-runner/process";
import type { Reported } from "../../../../runner-image/src/online/watch";
import {
  awaitSteadyAnswers,
  createReasonReport,
  isAway,
  watchEngine,
  type Outage,
} from "../../../../runner-image/src/online/watch-engine";
import type { EngineAnswer } from "../../../../runner-image/src/system/engine/probe";
import { findPaths } from "../../../../runner-image/src/system/paths";
import type { StateFile } from "../../../../runner-image/src/system/state-file";
import { DOCKER, engineAt, serve } from "../../../support/engine-answers";
import { listenOnSocket } from "../../../support/engine-proxy";

const READY: EngineAnswer = { kind: "ready", version: "29.0.1", api: "1.52" };
const away = (reason: string): EngineAnswer => ({ kind: "away", reason });

/** What an outage did, in order: a probe, a pause in seconds, or the reason that it reported. */
type Step = number | string;

/**
 * Plays answers of an engine, one for each probe.
 * @param answers `+` is ready; anything else is the reason why the engine is away
 * @param stopAfter the replica stops after so many probes
 */
function play(answers: readonly string[], stopAfter = Infinity) {
  const steps: Step[] = [];
  let asked = 0;
  const outage: Outage = {
    ask: () => {
      const answer = answers[asked];
      if (answer === undefined) throw new Error("asked too often");
      asked += 1;
      steps.push("ask");
      return Promise.resolve(answer === "+" ? READY : away(answer));
    },
    pause: (ms) => {
      steps.push(ms / 1000);
      return Promise.resolve();
    },
    isStopping: () => asked >= stopAfter,
    onReason: (reason) => {
      steps.push(reason);
    },
  };
  return { outage, steps, asked: () => asked };
}

describe("an engine is away", () => {
  it.each<[string, readonly string[], boolean, readonly Step[]]>([
    ["not if it answers", ["+"], false, ["ask"]],
    ["not if it answers a moment later", ["gone", "+"], false, ["ask", 3, "ask"]],
    ["if it is away twice", ["gone", "gone"], true, ["ask", 3, "ask", "gone"]],
  ])("%s", async (_, answers, expected, expectedSteps) => {
    const { outage, steps } = play(answers);
    expect(await isAway(outage)).toBe(expected);
    expect(steps).toEqual(expectedSteps);
  });

  it("not if the replica stops", async () => {
    const { outage, steps } = play(["gone", "gone"], 2);
    expect(await isAway(outage)).toBe(false);
    expect(steps).toEqual(["ask", 3, "ask"]);
  });
});

const times = (count: number, answer: string): string[] => Array<string>(count).fill(answer);

describe("the wait for an engine that is away", () => {
  it("ends when the engine has answered for half a minute", async () => {
    const { outage, steps } = play(times(7, "+"));
    expect(await awaitSteadyAnswers(outage)).toBe(true);
    expect(steps.filter((step) => typeof step === "number")).toEqual([5, 5, 5, 5, 5, 5]);
  });

  it("begins again if the engine goes away before that", async () => {
    const { outage, asked } = play([...times(6, "+"), "gone", ...times(7, "+")]);
    expect(await awaitSteadyAnswers(outage)).toBe(true);
    expect(asked()).toBe(14);
  });

  it("pauses longer and longer while the engine is away, at most 30 s", async () => {
    const { outage, steps } = play([...times(20, "gone"), ...times(7, "+")]);
    await awaitSteadyAnswers(outage);
    const pauses = steps.filter((step) => typeof step === "number").slice(0, 20);
    expect(pauses[0]).toBeLessThanOrEqual(0.5);
    expect(Math.max(...pauses.slice(10))).toBeGreaterThan(5);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(30);
  });

  it.each([
    ["away", "gone", 1],
    ["answering", "+", 3],
    ["answering for the last time", "+", 7],
  ])("ends if the replica stops while the engine is %s", async (_, answer, stopAfter) => {
    const { outage, asked } = play(times(7, answer), stopAfter);
    expect(await awaitSteadyAnswers(outage)).toBe(false);
    expect(asked()).toBe(stopAfter);
  });
});

describe("the reasons why an engine is away", () => {
  const engine = { kind: "socket", path: "/run/docker.sock" } as const;
  function tell(reasons: readonly string[]): readonly string[] {
    const lines: string[] = [];
    const onReason = createReasonReport(engine, (state, message) => {
      lines.push(`${state}: ${message}`);
    });
    for (const reason of reasons) onReason(reason);
    return lines;
  }

  it("are reported once each, even if they take turns", () => {
    expect(tell(["refused", "slow", "refused", "slow"])).toEqual([
      "waiting: the Docker engine at unix:///run/docker.sock cannot run jobs: refused",
      "waiting: the Docker engine at unix:///run/docker.sock cannot run jobs: slow",
    ]);
  });

  it("are five at most, however many there are", () => {
    expect(tell(Array.from({ length: 100 }, (_, number) => `request ${number}`))).toHaveLength(5);
  });
});

describe("a replica whose job has failed", () => {
  it.each<[string, string | null, Reported, number]>([
    ["runs no jobs on an engine", null, "online", 0],
    ["was online and has an engine that answers", "engine.sock", "online", 0],
    ["was waiting for GitLab and has an engine that answers", "engine.sock", "waiting", 11],
  ])("reports nothing if it %s", async (_, name, reported, code) => {
    const folder = mkdtempSync(join(tmpdir(), "watch-engine-"));
    await using proxy = await listenOnSocket(join(folder, "engine.sock"), serve(DOCKER));
    const lines: string[] = [];
    const engine = name === null ? null : engineAt(proxy.host);
    const result = await watchEngine({
      paths: findPaths({ POOL_RUN: folder }),
      state: { engine } as StateFile,
      runner: new RunnerProcess(process.pid),
      report: (_state, message) => lines.push(message),
      reported,
    });

    expect([result, ...lines]).toEqual([code]);
    expect(proxy.accepted > 0).toBe(name !== null);
    rmSync(folder, { recursive: true });
  });
});
