import { setTimeout as sleep } from "node:timers/promises";
import { createPool } from "../support/pool-fixture";
import { act } from "./act";
import { Containers } from "./containers";
import { ActionLog } from "./action-log";
import type { Evidence } from "./evidence";
import { judge, wasKilled } from "./judge";
import { findLeftovers } from "./leftovers";
import { Load } from "./load";
import { describeAction, FIRST_REPLICAS, planSteps } from "./plan";
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
  await using watch = new Watch(pool.gitlab);
  using containers = await Containers.follow(pool.docker, pool.stack.serviceName, (sign) => {
    watch.note(sign);
  });
  const subject = new Subject(pool, watch, containers);
  say(`A pool of ${FIRST_REPLICAS} replicas comes up; for ${minutes} min it runs jobs, while:`);
  await pool.stack.mustUp();
  await using load = new Load(pool.gitlab, seed);
  const log = new ActionLog(say);
  const end = Date.now() + minutes * 60_000 - REST_MS;
  for (const { action, pause } of planSteps(seed)) {
    if (Date.now() >= end || signal?.aborted === true) break;
    await log.note(describeAction(action), action.kind, () => act(subject, action));
    await sleep(pause * 1000);
  }
  const evidence = await conclude(subject, watch, load, log);
  const { seconds, actions, failures } = log;
  const { kills, faults } = subject;
  return { ...judge(evidence), seed, seconds, actions, kills, faults, failures };
}

/** Lets the pool come to rest, looks at what there is, and destroys it. */
async function conclude(
  subject: Subject,
  watch: Watch,
  load: Load,
  log: ActionLog,
): Promise<Evidence> {
  const { pool, runners } = subject;
  await log.note("faults end", undefined, () => Promise.all(subject.background));
  await log.note("the pool comes to rest", undefined, () => subject.settle());
  await log.note("the last jobs end", undefined, () =>
    load.end((job) => subject.kills.some((kill) => wasKilled(job, kill))),
  );
  const living = (await subject.living()).map(({ systemId }) => systemId);
  const managers = await subject.managers();
  const known = (await pool.gitlab.runners({})).map(({ id }) => id);
  const { signs } = watch;
  await log.note("pulumi destroy", undefined, () => pool.stack.destroy());
  return {
    ...{ begun: log.begun, failures: log.failures, kills: subject.kills },
    ...{ signs, living, managers, jobs: await load.records() },
    strangers: known.filter((id) => !runners.includes(id)),
    leftovers: await findLeftovers(pool),
  };
}
