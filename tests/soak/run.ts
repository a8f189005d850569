import { setTimeout as sleep } from "node:timers/promises";
import { formatElapsed } from "../../local/progress";
import type { JobView } from "../../local/gitlab";
import { createPool } from "../support/pool-fixture";
import { act } from "./act";
import { Containers } from "./containers";
import type { Failure } from "./evidence";
import { judge } from "./judge";
import { findLeftovers } from "./leftovers";
import { Load } from "./load";
import { describeAction, FIRST_REPLICAS, planSteps, type Action } from "./plan";
import type { SoakReport } from "./report";
import { Subject } from "./subject";
import { Watch } from "./watch";

export interface SoakOptions {
  /** How long the load goes on. */
  readonly minutes: number;
  /** The same seed gives the same plan. */
  readonly seed: number;
  /** Told a line for each action. */
  readonly say: (line: string) => void;
  /** Ends it early, in good order. */
  readonly signal?: AbortSignal;
}

/** The last stretch of the load (ms) in which no action begins: the pool comes to rest. */
const REST_MS = 45_000;

/** gitlab-runner touches a quiet job every 30 s; a job whose replica was killed is failed after this (s). */
const ORPHAN_TIMEOUT = 120;

/** Brings up a pool, does what the plan says while jobs run, and judges at the end what became of jobs and managers. */
export async function soak({ minutes, seed, say, signal }: SoakOptions): Promise<SoakReport> {
  await using pool = await createPool({
    settings: { executor: "shell", docker: undefined, replicas: FIRST_REPLICAS },
    switches: { orphanTimeoutSeconds: ORPHAN_TIMEOUT },
  });
  const { stack, gitlab } = pool;
  await using watch = new Watch(gitlab);
  using containers = await Containers.follow(pool.docker, stack.serviceName, (sign) => {
    watch.note(sign);
  });
  const subject = new Subject(pool, watch, containers);
  say(`A pool of ${FIRST_REPLICAS} replicas comes up; for ${minutes} min it runs jobs, while:`);
  await stack.mustUp();
  await using load = new Load(gitlab, seed);
  const log = new ActionLog(say);
  const end = Date.now() + minutes * 60_000 - REST_MS;
  for (const { action, pause } of planSteps(seed)) {
    if (Date.now() >= end || signal?.aborted === true) break;
    await log.note(describeAction(action), action.kind, () => act(subject, action));
    await sleep(pause * 1000);
  }
  await log.note("faults end", undefined, () => Promise.all(subject.background));
  const isOrphan = ({ systemId, startedAt }: JobView): boolean =>
    subject.kills.some(
      (kill) => kill.systemId === systemId && (startedAt ?? Infinity) < kill.at + 1_000,
    );
  await log.note("the pool comes to rest", undefined, () => subject.settle());
  await log.note("the last jobs end", undefined, () => load.end(isOrphan));
  const living = (await subject.living()).map(({ systemId }) => systemId);
  const managers = await subject.managers();
  const strangers = (await gitlab.runners({})).map(({ id }) => id);
  const { signs } = watch;
  await log.note("pulumi destroy", undefined, () => stack.destroy());
  const { kills, faults, runners } = subject;
  const { failures, actions, seconds, begun } = log;
  const verdict = judge({
    ...{ jobs: await load.records(), kills, signs, failures, living, managers, begun },
    strangers: strangers.filter((id) => !runners.includes(id)),
    leftovers: await findLeftovers(pool),
  });
  return { ...verdict, seed, seconds, actions, kills, faults, failures };
}

/** Tells and counts what is done, and keeps what failed: the soak goes on, as a pool must. */
class ActionLog {
  readonly failures: Failure[] = [];
  readonly actions: Record<Action["kind"], number> = {
    scale: 0,
    update: 0,
    rotate: 0,
    kill: 0,
    fault: 0,
  };
  readonly begun = Date.now();

  constructor(private readonly say: (line: string) => void) {}

  get seconds(): number {
    return Math.round((Date.now() - this.begun) / 1000);
  }

  async note(
    what: string,
    kind: Action["kind"] | undefined,
    work: () => Promise<unknown>,
  ): Promise<void> {
    const start = Date.now();
    const at = formatElapsed(start - this.begun).padStart(12);
    try {
      await work();
      if (kind !== undefined) this.actions[kind] += 1;
      this.say(`${at}  ${what} (${formatElapsed(Date.now() - start)})`);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.failures.push({ what, message });
      this.say(`${at}  ${what} FAILED: ${message}`);
    }
  }
}
