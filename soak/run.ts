import { setTimeout as sleep } from "node:timers/promises";
import type { SoakSettings } from "./command";
import { createPool } from "../tests/support/pool-fixture";
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

type Executor = SoakSettings["executors"][number];

export interface SoakOptions {
  readonly executor: Executor;
  /** How long the pool is under load. */
  readonly minutes: number;
  /** The same seed gives the same plan. */
  readonly seed: number;
  /** Receives one line per action. */
  readonly print: (line: string) => void;
  /** Ends the soak early; the pool is still destroyed. */
  readonly signal?: AbortSignal;
}

/** No action begins in the last part of the load, which lets the pool settle. */
const REST_MS = 45_000;

/**
 * The fake GitLab fails a job that has sent no update for this long. gitlab-runner updates even a
 * silent job every 30 s, so only jobs of killed replicas fail.
 */
const ORPHAN_TIMEOUT_SECONDS = 120;

/**
 * Creates a pool, executes the plan while jobs run, and finally judges the state of jobs and
 * managers.
 */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const { executor, minutes, seed, print, signal } = options;
  await using pool = await createPool({
    settings: {
      ...{ executor, replicas: FIRST_REPLICAS },
      ...(executor === "shell" && { docker: undefined }),
    },
    switches: { orphanTimeoutSeconds: ORPHAN_TIMEOUT_SECONDS },
  });
  await using watch = new Watch(pool.gitlab);
  using containers = await Containers.follow(pool.docker, pool.stack.serviceName, (observation) => {
    watch.note(observation);
  });
  const subject = new Subject(pool, watch, containers);
  print(`Starting a pool of ${FIRST_REPLICAS} replicas, which runs jobs for ${minutes} min:`);
  await pool.stack.mustUp();
  await using load = new Load(pool.gitlab, seed);
  const log = new ActionLog(print);
  const end = Date.now() + minutes * 60_000 - REST_MS;
  for (const { action, pause } of planSteps(seed)) {
    if (Date.now() >= end || signal?.aborted === true) break;
    await log.record(describeAction(action), action.kind, () => act(subject, action));
    await sleep(pause * 1000);
  }
  const evidence = await conclude(subject, watch, load, log);
  const { seconds, actions, failures } = log;
  const { kills, faults } = subject;
  const { Version: engine } = await pool.docker.version();
  return {
    ...{ ...judge(evidence), executor, engine, seed, seconds },
    ...{ actions, kills, faults, failures },
  };
}

/**
 * Disturbs one pool per executor at the same time, on one swarm. Each pool has its own fake GitLab.
 * Each pool after the first uses the next higher seed.
 */
export async function soakAll(
  executors: readonly Executor[],
  options: Omit<SoakOptions, "executor">,
): Promise<readonly SoakReport[]> {
  const width = Math.max(...executors.map(({ length }) => length));
  const results = await Promise.allSettled(
    executors.map((executor, n) => {
      const name = executors.length > 1 ? `${executor.padEnd(width)} ` : "";
      const print = (line: string): void => {
        options.print(`${name}${line}`);
      };
      return soak({ ...options, executor, seed: options.seed + n, print });
    }),
  );
  return results.map((result) => {
    if (result.status === "fulfilled") return result.value;
    throw result.reason;
  });
}

/** Waits for the pool to settle, collects the evidence, and destroys the pool. */
async function conclude(
  subject: Subject,
  watch: Watch,
  load: Load,
  log: ActionLog,
): Promise<Evidence> {
  const { pool, runners } = subject;
  await log.record("wait for the faults to end", undefined, () => Promise.all(subject.background));
  await log.record("wait for the pool to settle", undefined, () => subject.settle());
  await log.record("wait for the last jobs", undefined, () =>
    load.end((job) => subject.kills.some((kill) => wasKilled(job, kill))),
  );
  const living = (await subject.living()).map(({ systemId }) => systemId);
  const managers = await subject.managers();
  const known = (await pool.gitlab.runners({})).map(({ id }) => id);
  const { observations } = watch;
  await log.record("pulumi destroy", undefined, () => pool.stack.destroy());
  return {
    ...{ startedAt: log.startedAt, failures: log.failures, kills: subject.kills },
    ...{ observations, living, managers, jobs: await load.records() },
    shared: subject.sharedIds,
    unexpectedRunners: known.filter((id) => !runners.includes(id)),
    leftovers: await findLeftovers(pool, await subject.everyId()),
  };
}
