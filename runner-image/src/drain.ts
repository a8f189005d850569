import { setTimeout as sleep } from "node:timers/promises";
import { SHUTDOWN_TIMEOUT } from "./config-toml";
import {
  DRAIN_START,
  drainStep,
  type DrainCommand,
  type DrainEvent,
  type DrainExit,
} from "./drain-machine";
import { endJobs } from "./end-jobs";
import type { Say } from "./log";
import { readMetrics } from "./metrics";
import type { Quiet } from "./quieten";
import type { RunnerProcess } from "./runner-process";
import { tellRunner } from "./tell-runner";

/** How long gitlab-runner may take to abort its jobs (ms); it gives up by itself before. */
const ABORT_TIMEOUT = (SHUTDOWN_TIMEOUT + 5) * 1000;

/** How long the kernel may take to end a killed process (ms). */
const KILL_TIMEOUT = 5_000;

/** How long an open job request may go on where jobs are to be aborted (ms): one that it brings is aborted too. */
const HURRIED_QUIET = 1_000;

const POLL_MS = 25;

export interface DrainContext {
  readonly runner: RunnerProcess;
  readonly metricsPort: number;
  readonly say: Say;
  /** What is left of it (ms). */
  readonly drainTimeout: number;
  /** Waits until gitlab-runner has no job request open. */
  readonly quieten: () => Promise<Quiet>;
  /** Asks GitLab to remove the replica. @returns whether it is gone */
  readonly unregister: () => Promise<boolean>;
}

/** Feeds what happens to the drain's state machine, and does what it says. */
export class Drain {
  private state = DRAIN_START;
  private readonly over = new AbortController();
  private quiet: Promise<void> = Promise.resolve();
  private told: Promise<void> = Promise.resolve();
  private resolve: (exit: DrainExit) => void = () => undefined;
  private reject: (error: unknown) => void = () => undefined;

  constructor(private readonly context: DrainContext) {}

  /** @returns how the replica is to exit */
  run(): Promise<DrainExit> {
    return new Promise((resolve, reject) => {
      [this.resolve, this.reject] = [resolve, reject];
      this.quiet = this.waitQuiet();
      this.begin(this.quiet);
      this.begin(this.waitEnded());
      this.later(this.context.drainTimeout, () => this.hurryUp("the drain timeout is over"));
    });
  }

  /** Tells of another stop signal. */
  signal(): void {
    this.begin(this.hurryUp("another stop signal came"));
  }

  private async waitQuiet(): Promise<void> {
    const { runner, say, quieten } = this.context;
    const quiet = await quieten().catch((error: unknown) => {
      say("warning", `gitlab-runner's configuration cannot be changed: ${String(error)}`);
      return "given up" as const;
    });
    if (quiet === "not begun") {
      this.happen({ kind: "hurry", jobs: false });
      return;
    }
    if (quiet === "given up" && runner.isAlive()) {
      say("warning", "a job request to GitLab may be open and is cut off");
    }
    this.happen({ kind: "quiet" });
  }

  private async waitEnded(): Promise<void> {
    while (this.context.runner.isAlive()) await sleep(POLL_MS);
    this.happen({ kind: "ended" });
  }

  private async hurryUp(why: string): Promise<void> {
    const { runner, metricsPort, say } = this.context;
    if (!runner.isAlive()) return;
    await Promise.race([this.quiet, this.wait(HURRIED_QUIET)]);
    this.happen({ kind: "quiet" });
    await this.told;
    // A worker that is left after SIGQUIT runs a job, or tells GitLab how it ended.
    const jobs = (await readMetrics(metricsPort))?.workers;
    if (!runner.isAlive()) return;
    if (jobs !== 0) say("warning", `${why}: ${jobs ?? "all"} running jobs are aborted`);
    this.happen({ kind: "hurry", jobs: jobs !== 0 });
  }

  private happen(event: DrainEvent): void {
    const { state, commands } = drainStep(this.state, event);
    this.state = state;
    for (const command of commands) this.obey(command);
  }

  private obey(command: DrainCommand): void {
    const { runner, metricsPort, say, unregister } = this.context;
    switch (command.kind) {
      case "quit":
        this.told = tellRunner(runner, "SIGQUIT", metricsPort);
        this.begin(this.told);
        return;
      case "abort":
        this.begin(this.abort());
        this.later(ABORT_TIMEOUT, () => {
          this.happen({ kind: "abort timeout" });
        });
        return;
      case "kill":
        say("warning", "gitlab-runner did not end in time and is killed");
        runner.killGroup();
        this.later(KILL_TIMEOUT, () => {
          this.happen({ kind: "kill timeout" });
        });
        return;
      case "unregister":
        this.begin(
          unregister().then((gone) => {
            this.happen({ kind: "unregistered", gone });
          }),
        );
        return;
      case "exit":
        this.over.abort();
        this.resolve(command.as);
    }
  }

  private async abort(): Promise<void> {
    const { runner, metricsPort } = this.context;
    const processes = runner.jobProcesses();
    await tellRunner(runner, "SIGTERM", metricsPort);
    await endJobs(processes);
  }

  /** Does something after a time (ms), unless the drain is over before. */
  private later(ms: number, act: () => Promise<void> | void): void {
    this.begin(this.wait(ms).then((due) => (due ? act() : undefined)));
  }

  /** @returns whether the time (ms) is over, and not the drain */
  private wait(ms: number): Promise<boolean> {
    return sleep(ms, true, { signal: this.over.signal }).catch(() => false);
  }

  private begin(task: Promise<void>): void {
    task.catch(this.reject);
  }
}
