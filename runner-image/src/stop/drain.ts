import { setTimeout as sleep } from "node:timers/promises";
import { SHUTDOWN_TIMEOUT_SECONDS } from "../gitlab-runner/config-toml";
import {
  DRAIN_START,
  drainStep,
  type DrainCommand,
  type DrainEvent,
  type DrainExit,
} from "./drain-machine";
import { endJobProcesses } from "./abort-jobs";
import type { Report } from "../log";
import { readMetrics } from "../gitlab-runner/metrics";
import type { PollingState } from "../gitlab-runner/pause-polling";
import type { RunnerProcess } from "../gitlab-runner/process";
import { signalUntilAcknowledged } from "../gitlab-runner/signal";

/** How long gitlab-runner may take to abort its jobs. It gives up by itself a little earlier. */
const ABORT_TIMEOUT_MS = (SHUTDOWN_TIMEOUT_SECONDS + 5) * 1000;

/** How long the kernel may take to end a killed process. */
const KILL_TIMEOUT_MS = 5_000;

/** How long an open job request may continue in a forced stop. A job that it returns is aborted. */
const FORCED_PAUSE_MS = 1_000;

const POLL_MS = 25;

export interface DrainContext {
  readonly runner: RunnerProcess;
  readonly metricsPort: number;
  readonly report: Report;
  /** What remains of the drain timeout. */
  readonly remainingMs: number;
  /** Waits until gitlab-runner has no job request open. */
  readonly pausePolling: () => Promise<PollingState>;
  /** Deregisters the replica. @returns whether GitLab no longer has it */
  readonly deregister: () => Promise<boolean>;
}

/** @param count undefined if gitlab-runner does not report it */
function describeJobs(count: number | undefined): string {
  if (count === undefined) return "all running jobs";
  return count === 1 ? "1 running job" : `${count} running jobs`;
}

/** Feeds events to the drain's state machine and executes its commands. */
export class Drain {
  private state = DRAIN_START;
  private readonly done = new AbortController();
  private paused: Promise<void> = Promise.resolve();
  private quitSent: Promise<void> = Promise.resolve();
  private resolve: (exit: DrainExit) => void = () => undefined;
  private reject: (error: unknown) => void = () => undefined;

  constructor(private readonly context: DrainContext) {}

  /** @returns how the replica must exit */
  run(): Promise<DrainExit> {
    return new Promise((resolve, reject) => {
      [this.resolve, this.reject] = [resolve, reject];
      this.paused = this.waitPaused();
      this.track(this.paused);
      this.track(this.waitEnded());
      this.after(this.context.remainingMs, () => this.force("drain timeout reached"));
    });
  }

  /** Forces the stop, on a second stop signal. */
  forceStop(): void {
    this.track(this.force("received a second stop signal"));
  }

  private async waitPaused(): Promise<void> {
    const { runner, report, pausePolling } = this.context;
    const polling = await pausePolling().catch((error: unknown) => {
      report("warning", `cannot change gitlab-runner's configuration: ${String(error)}`);
      return "timed-out" as const;
    });
    if (polling === "not-ready") {
      this.dispatch({ kind: "force", jobs: false });
      return;
    }
    if (polling === "timed-out" && runner.isAlive()) {
      report("warning", "canceling a job request that may still be open");
    }
    this.dispatch({ kind: "paused" });
  }

  private async waitEnded(): Promise<void> {
    while (this.context.runner.isAlive()) await sleep(POLL_MS);
    this.dispatch({ kind: "ended" });
  }

  private async force(why: string): Promise<void> {
    const { runner, metricsPort, report } = this.context;
    if (!runner.isAlive()) return;
    await Promise.race([this.paused, this.wait(FORCED_PAUSE_MS)]);
    this.dispatch({ kind: "paused" });
    await this.quitSent;
    // After SIGQUIT, a remaining worker runs a job or reports its result to GitLab.
    const jobs = (await readMetrics(metricsPort))?.workers;
    if (!runner.isAlive()) return;
    if (jobs !== 0) report("warning", `${why}: aborting ${describeJobs(jobs)}`);
    this.dispatch({ kind: "force", jobs: jobs !== 0 });
  }

  private dispatch(event: DrainEvent): void {
    const { state, commands } = drainStep(this.state, event);
    this.state = state;
    for (const command of commands) this.execute(command);
  }

  private execute(command: DrainCommand): void {
    const { runner, metricsPort, report, deregister } = this.context;
    switch (command.kind) {
      case "quit":
        this.quitSent = signalUntilAcknowledged(runner, "SIGQUIT", metricsPort);
        this.track(this.quitSent);
        return;
      case "abort":
        this.track(this.abort());
        this.after(ABORT_TIMEOUT_MS, () => {
          this.dispatch({ kind: "abort timeout" });
        });
        return;
      case "kill":
        report("warning", "gitlab-runner did not exit in time: killing it");
        runner.killGroup();
        this.after(KILL_TIMEOUT_MS, () => {
          this.dispatch({ kind: "kill timeout" });
        });
        return;
      case "deregister":
        this.track(
          deregister().then((gone) => {
            this.dispatch({ kind: "deregistered", gone });
          }),
        );
        return;
      case "exit":
        this.done.abort();
        this.resolve(command.as);
    }
  }

  private async abort(): Promise<void> {
    const { runner, metricsPort } = this.context;
    const processes = runner.jobProcesses();
    await signalUntilAcknowledged(runner, "SIGTERM", metricsPort);
    await endJobProcesses(processes);
  }

  /** Calls `act` after a time (ms), unless the drain ends earlier. */
  private after(ms: number, act: () => Promise<void> | void): void {
    this.track(this.wait(ms).then((due) => (due ? act() : undefined)));
  }

  /** @returns true after a time (ms), or false if the drain ends earlier */
  private wait(ms: number): Promise<boolean> {
    return sleep(ms, true, { signal: this.done.signal }).catch(() => false);
  }

  private track(task: Promise<void>): void {
    task.catch(this.reject);
  }
}
