import Docker from "dockerode";
import type { Commands } from "../dev/commands";
import { readFacts, type PlatformFacts } from "../dev/facts";
import { startGitlab, type Gitlab } from "../fake-gitlab";
import type { Recorder } from "./series";

/** How often and how long things are measured. */
export interface Rounds {
  /** Rounds of a measurement that takes a second. */
  readonly many: number;
  /** Rounds of a measurement that takes several seconds. */
  readonly some: number;
  /** Rounds of a measurement that takes tens of seconds. */
  readonly few: number;
  /** How long idle replicas are observed. */
  readonly idleSeconds: number;
  /** How long the engine is observed, once with and once without health checks. */
  readonly probeSeconds: number;
  /** Numbers of replicas that the growing pool goes through. */
  readonly sizes: readonly number[];
}

export const FULL: Rounds = {
  many: 11,
  some: 7,
  few: 3,
  idleSeconds: 120,
  probeSeconds: 20,
  sizes: [1, 10, 20, 30, 40, 50],
};

export const QUICK: Rounds = {
  many: 1,
  some: 1,
  few: 1,
  idleSeconds: 15,
  probeSeconds: 3,
  sizes: [1, 2, 4],
};

/**
 * Everything that a measurement needs. The fake GitLab runs in this process, so all times come from
 * the same clock.
 */
export interface Bench {
  readonly platform: PlatformFacts;
  readonly docker: Docker;
  readonly gitlab: Gitlab;
  readonly commands: Commands;
  readonly recorder: Recorder;
  readonly rounds: Rounds;
  /** Aborted on Ctrl-C. The benchmark then still removes everything it has created. */
  readonly signal: AbortSignal;
}

/** Prefix of everything that the benchmark creates in Docker. */
export const PREFIX = "bench";

/**
 * Prepares the benchmark on the local platform. Call `gitlab.stop()` when it is done.
 * @throws Error if the local platform is not running
 */
export async function openBench(
  rest: Omit<Bench, "platform" | "docker" | "gitlab">,
): Promise<Bench> {
  const platform = await readFacts();
  // Listens on the address by which containers reach it, so its own URL also works in containers.
  const gitlab = await startGitlab({
    host: platform.hostAddress,
    // A held poll would hide how long a stop itself takes. A separate figure measures held polls.
    switches: { longPollSeconds: 0 },
  });
  return { platform, docker: new Docker(), gitlab, ...rest };
}

/**
 * Measures the subjects in turn and reverses the order in every other round, so that no subject is
 * always first or last.
 */
export async function interleave(
  signal: AbortSignal,
  rounds: number,
  ...subjects: readonly (() => Promise<void>)[]
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? subjects : [...subjects].reverse();
    for (const measure of order) {
      signal.throwIfAborted();
      await measure();
    }
  }
}
