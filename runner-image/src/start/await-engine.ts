import { setTimeout as sleep } from "node:timers/promises";
import { formatAway, formatEngine, type Engine } from "../system/engine/engine";
import { probeEngine, type EngineAnswer } from "../system/engine/probe";
import { isAborted, waitAfter } from "../gitlab/retry";
import type { Report } from "../log";

export interface AwaitingEngine {
  readonly engine: Engine;
  /** The answer to the first request, which began earlier. */
  readonly first: Promise<EngineAnswer>;
  readonly report: Report;
  /** Ends the wait at once. */
  readonly signal: AbortSignal;
}

/**
 * Waits until the engine can run jobs. Until then the replica does not contact GitLab, which would
 * otherwise give it jobs that fail. Reports each new reason once.
 * @returns whether the engine can run jobs; false if a stop signal ended the wait
 */
export async function awaitEngine(context: AwaitingEngine): Promise<boolean> {
  const { engine, first, report, signal } = context;
  let told = "";
  for (let attempt = 1; ; attempt += 1) {
    const answer = await (attempt === 1 ? first : probeEngine(engine, signal));
    if (isAborted(signal)) return false;
    if (answer.kind === "ready") {
      if (told !== "") report("starting", describeReady(engine, answer));
      return true;
    }
    if (answer.reason !== told) {
      told = answer.reason;
      report("waiting", formatAway(engine, told));
    }
    await sleep(waitAfter(attempt, undefined, Math.random()), undefined, { signal }).catch(
      () => undefined,
    );
    if (isAborted(signal)) return false;
  }
}

function describeReady(
  engine: Engine,
  { version, api }: Extract<EngineAnswer, { readonly kind: "ready" }>,
): string {
  return `the Docker engine at ${formatEngine(engine)} answers: version ${version}, API ${api}`;
}
