import { setTimeout as sleep } from "node:timers/promises";
import { formatDuration } from "../../contract/duration";
import { EXIT, type ExitCode } from "../../contract/exit-codes";
import { DRAIN_HEADROOM } from "../../contract/service";
import { SHUTDOWN_TIMEOUT, withoutRunners } from "./config-toml";
import { DRAIN_START, drainStep, type DrainCommand, type DrainEvent } from "./drain-machine";
import { readIfThere, remove, writePrivate } from "./files";
import type { Say } from "./log";
import { readMetrics } from "./metrics";
import type { ReplicaPaths } from "./paths";
import type { ReplicaState } from "./replica-state";
import type { RunnerProcess } from "./runner-process";
import { unregister } from "./unregister";

/** Longest wait for open job requests (ms): GitLab holds one for 50 s if there is no job. */
const QUIET_TIMEOUT = 75_000;

/** What is left of the grace time when the last request to GitLab is begun (s). */
const MARGIN = 10;

/** Longest time that GitLab is asked to remove the replica (s), even if the grace time is longer. */
const UNREGISTER_TIMEOUT = 300;

const POLL_MS = 20;

export interface Stopping {
  readonly paths: ReplicaPaths;
  readonly state: ReplicaState;
  readonly runner: RunnerProcess;
  readonly say: Say;
}

/** Drains gitlab-runner and takes the replica off GitLab. @returns the replica's exit code */
export async function stop(context: Stopping): Promise<ExitCode> {
  const { state, say } = context;
  remove(context.paths.online);
  say(
    "draining",
    `no new job is taken; running jobs may take ${formatDuration(state.drainTimeout)}`,
  );
  return new Drain(context).run();
}

/** Feeds what happens to the drain's state machine, and does what it says. */
class Drain {
  private drain = DRAIN_START;
  private readonly began = Date.now();
  private readonly hurried = new AbortController();
  private readonly over = new AbortController();
  private finish: (code: ExitCode) => void = () => undefined;

  constructor(private readonly context: Stopping) {}

  run(): Promise<ExitCode> {
    return new Promise((resolve, reject) => {
      this.finish = resolve;
      process.on("SIGQUIT", () => {
        this.hurry("another stop signal came").catch(reject);
      });
      this.watch(() => this.waitQuiet(), "quiet").catch(reject);
      this.watch(() => this.waitEnded(), "ended").catch(reject);
      this.after(this.context.state.drainTimeout * 1000)
        .then(() => this.hurry("the drain timeout is over"))
        .catch(reject);
    });
  }

  private happen(event: DrainEvent): void {
    const { state, commands } = drainStep(this.drain, event);
    this.drain = state;
    for (const command of commands) this.obey(command);
  }

  private obey(command: DrainCommand): void {
    const { runner } = this.context;
    switch (command.kind) {
      case "quit":
        runner.signal("SIGQUIT");
        break;
      case "abort":
        runner.signal("SIGTERM");
        void this.after((SHUTDOWN_TIMEOUT + 5) * 1000).then(() => {
          this.happen({ kind: "abort timeout" });
        });
        break;
      case "kill":
        this.context.say("warning", "gitlab-runner did not end in time and is killed");
        runner.killGroup();
        break;
      case "unregister":
        void this.leaveGitlab();
        break;
      case "give up":
        this.hurried.abort();
        break;
      case "exit":
        this.over.abort();
        this.finish(EXIT[command.as]);
        break;
    }
  }

  private async watch(wait: () => Promise<void>, kind: "quiet" | "ended"): Promise<void> {
    await wait();
    this.happen({ kind });
  }

  /** Waits until gitlab-runner has no job request open and will begin none. */
  private async waitQuiet(): Promise<void> {
    const { paths, state, runner } = this.context;
    const before = await readMetrics(state.metricsPort);
    const config = readIfThere(paths.config);
    if (before === undefined || config === undefined) return;
    writePrivate(paths.config, withoutRunners(config));
    runner.signal("SIGHUP");
    const deadline = Date.now() + QUIET_TIMEOUT;
    while (Date.now() < deadline && runner.isAlive()) {
      const now = await readMetrics(state.metricsPort);
      if (now !== undefined && now.configLoads > before.configLoads && now.openRequests === 0)
        return;
      await sleep(POLL_MS);
    }
  }

  private async waitEnded(): Promise<void> {
    while (this.context.runner.isAlive()) await sleep(POLL_MS);
  }

  private async hurry(why: string): Promise<void> {
    if (this.drain.phase === "done") return;
    const jobs = (await readMetrics(this.context.state.metricsPort))?.jobs ?? 0;
    if (jobs > 0) this.context.say("warning", `${why}: ${jobs} running jobs are aborted`);
    this.happen({ kind: "hurry", jobs });
  }

  private async leaveGitlab(): Promise<void> {
    const { state, paths, say } = this.context;
    const grace = this.began + (state.drainTimeout + DRAIN_HEADROOM - MARGIN) * 1000;
    const gone = await unregister({
      state,
      certificates: paths.certificates,
      say,
      deadline: Math.min(grace, Date.now() + UNREGISTER_TIMEOUT * 1000),
      signal: this.hurried.signal,
    });
    this.happen({ kind: "unregistered", gone });
  }

  /** Waits, unless the replica is over before. */
  private async after(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.over.signal, ref: false });
  }
}
