import Docker from "dockerode";
import type { Commands } from "../local/commands";
import { readFacts, type PlatformFacts } from "../local/facts";
import { startGitlab, type Gitlab } from "../local/gitlab";
import type { Recorder } from "./series";

/** How often something is measured. */
export interface Rounds {
  /** What takes a second. */
  readonly many: number;
  /** What takes several seconds. */
  readonly some: number;
  /** What takes tens of seconds. */
  readonly few: number;
  /** How long idle replicas are watched (seconds). */
  readonly idleSeconds: number;
  /** How long the engine is watched with health checks, and without (seconds). */
  readonly probeSeconds: number;
  /** Sizes of the growing pool. */
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

/** Everything that a measurement needs; the stand-in GitLab runs in this process, so that all times come from one clock. */
export interface Bench {
  readonly platform: PlatformFacts;
  readonly docker: Docker;
  readonly gitlab: Gitlab;
  readonly commands: Commands;
  readonly recorder: Recorder;
  readonly rounds: Rounds;
  /** Aborted when the person at the terminal has had enough; what is up is still taken down. */
  readonly signal: AbortSignal;
}

/** Prefix of everything that the benchmark creates in Docker. */
export const PREFIX = "bench";

/**
 * Opens the benchmark on the local platform; end its `gitlab` with `stop()`.
 * @throws Error if the local platform is not up
 */
export async function openBench(
  rest: Omit<Bench, "platform" | "docker" | "gitlab">,
): Promise<Bench> {
  const platform = await readFacts();
  // On the address by which containers reach it, so that its own URL is the one that they are given.
  const gitlab = await startGitlab({
    host: platform.hostAddress,
    // A held poll would hide what a stop takes by itself; that one is measured apart.
    switches: { longPollSeconds: 0 },
  });
  return { platform, docker: new Docker(), gitlab, ...rest };
}

/** Measures the subjects in turn, every other round in reverse, so that no one always comes first or last. */
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
