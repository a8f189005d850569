import { hostname } from "node:os";
import { EXIT, type ExitCode } from "../../contract/exit-codes";
import { systemIdOf } from "../../contract/identity";
import { DRAIN_HEADROOM } from "../../contract/service";
import { configure } from "./configure";
import { writePrivate } from "./files";
import { connectGitlab } from "./gitlab-api";
import { hold } from "./hold";
import type { Say } from "./log";
import { obtainRunner } from "./obtain-runner";
import type { ReplicaPaths } from "./paths";
import type { Registering, Registration } from "./register";
import { writeRecord } from "./registration-record";
import type { ReplicaState } from "./replica-state";
import { isAborted } from "./retry";
import type { ReplicaSettings } from "./settings";
import { takeBack } from "./take-back";
import { unregister } from "./unregister";

/** Told to stop; a start ends as soon as it can. */
export interface Stopping {
  readonly signal: AbortSignal;
  readonly cutOff: AbortSignal;
  /** Until when GitLab is asked, in epoch milliseconds; without end while nobody said stop. */
  readonly deadline: () => number;
}

/** What a start has at hand. */
export interface Starting {
  readonly paths: ReplicaPaths;
  readonly say: Say;
  readonly stopping: Stopping;
  /** What the log blots out; may grow. */
  readonly secrets: string[];
}

/** Longest time that GitLab is asked to take back what it made for a replica that cannot run (ms). */
const WITHDRAW_TIMEOUT = (DRAIN_HEADROOM / 2) * 1000;

type Accepted = Extract<Registration, { readonly kind: "accepted" }>;

/**
 * Makes the replica known to GitLab and ready to run.
 * @returns the replica's exit code if it is not to run
 * @throws Error if something else than GitLab keeps it from running; GitLab has been asked to forget it then
 */
export async function enter(context: Starting, given: ReplicaSettings): Promise<ExitCode> {
  const { paths, say, stopping } = context;
  const settings = { ...given, slot: given.slot ?? hostname() };
  const systemId = identify(settings, paths);
  say("starting", `system ID ${systemId}, GitLab ${settings.gitlabUrl}`);
  const gitlab = connectGitlab(settings.gitlabUrl, paths.certificates);
  const { signal, cutOff } = stopping;
  const registering: Registering = { gitlab, settings, systemId, say, signal, cutOff };
  const registration: Registration = isAborted(signal)
    ? { kind: "stopped", asked: { for: "nothing" } }
    : await obtainRunner(registering, paths);
  const state = stateOf(registering, registration);
  switch (registration.kind) {
    case "stopped":
      return takeBack(registration.asked, { gitlab, state, say, deadline: stopping.deadline() });
    case "refused":
      if (isAborted(signal)) return EXIT.ok;
      say("refused", `GitLab refuses this replica: ${registration.message}`);
      await hold(say, signal);
      return isAborted(signal) ? EXIT.ok : EXIT.refused;
    case "accepted":
      return makeReady(context, settings, registration, state);
  }
}

/** By its system ID GitLab and gitlab-runner know the replica. */
function identify(settings: ReplicaSettings & { readonly slot: string }, paths: ReplicaPaths) {
  const { pool, runnerName, slot, generation = "" } = settings;
  const systemId = systemIdOf({ pool: pool ?? runnerName, slot, generation });
  writePrivate(paths.systemId, systemId);
  return systemId;
}

/** What the other sub-commands need to know, and what a stop has to take back. */
function stateOf({ settings, systemId }: Registering, registration: Registration): ReplicaState {
  const accepted = registration.kind === "accepted" ? registration : undefined;
  return {
    gitlabUrl: settings.gitlabUrl,
    token: accepted?.runner.token ?? settings.token,
    systemId,
    runnerId: accepted?.runner.id ?? 0,
    ownsRunner: accepted?.ownsRunner ?? false,
    concurrent: settings.concurrent,
    drainTimeout: settings.drainTimeout,
    metricsPort: 0,
    acceptedAt: Date.now(),
    tokenExpiresAt: accepted?.runner.expiresAt ?? null,
  };
}

/** From here on GitLab knows the replica: whatever keeps it from running, it is taken back. */
async function makeReady(
  context: Starting,
  settings: ReplicaSettings,
  { runner, ownsRunner }: Accepted,
  state: ReplicaState,
): Promise<ExitCode> {
  const { paths, say, stopping, secrets } = context;
  secrets.push(runner.token);
  try {
    const { gitlabUrl } = settings;
    if (ownsRunner) {
      writeRecord(paths.record, { gitlabUrl, runnerId: runner.id, token: runner.token });
    }
    if (!isAborted(stopping.signal)) {
      await configure({ paths, say, settings, runner, state });
      return EXIT.ok;
    }
  } catch (error) {
    const deadline = Date.now() + WITHDRAW_TIMEOUT;
    await unregister({ state, paths, say, deadline, signal: stopping.signal });
    throw error;
  }
  const { signal } = new AbortController();
  const deadline = stopping.deadline();
  return (await unregister({ state, paths, say, deadline, signal })) ? EXIT.ok : EXIT.left;
}
