import { hostname } from "node:os";
import { EXIT, type ExitCode } from "../../contract/exit-codes";
import { systemIdOf } from "../../contract/identity";
import { nameOf, othersIn, readConfig, renderConfig } from "./config-toml";
import { moveIfThere, readIfThere, remove, writePrivate } from "./files";
import { findFreePort } from "./free-port";
import { connectGitlab } from "./gitlab-api";
import { hold } from "./hold";
import { createLog, type Say } from "./log";
import { obtainRunner } from "./obtain-runner";
import type { ReplicaPaths } from "./paths";
import type { Registering, Registration } from "./register";
import { writeState, type ReplicaState } from "./replica-state";
import { followLater, isAborted } from "./retry";
import { readSettings, type ReplicaSettings } from "./settings";
import { takeBack } from "./take-back";
import { unregister } from "./unregister";

/** How long a request that is under way may go on after a stop (ms). */
const CUT_OFF_MS = 2_000;

/** When, after a stop, the last request is begun that takes back what GitLab may know (ms). */
const TAKE_BACK_MS = 3_500;

/** Told to stop; a start ends as soon as it can. */
interface Stopping {
  readonly signal: AbortSignal;
  readonly cutOff: AbortSignal;
  /** Until when GitLab is asked, in epoch milliseconds. */
  readonly deadline: () => number;
}

/** Reads the settings, registers with GitLab and writes config.toml. @returns the replica's exit code if it is not to run */
export async function start(paths: ReplicaPaths, env: NodeJS.ProcessEnv): Promise<ExitCode> {
  const stopping = listenForStop();
  for (const file of [paths.ready, paths.online, paths.state]) remove(file);
  moveIfThere(paths.configBefore, paths.config);
  const secrets: string[] = [];
  const say = createLog(secrets);
  const { settings, problems, warnings } = readSettings(env);
  if (settings !== undefined) secrets.push(settings.token);
  for (const warning of warnings) say("warning", warning);
  if (settings === undefined) {
    say("refused", problems.join("; "));
    await hold(say, stopping.signal);
    return isAborted(stopping.signal) ? EXIT.ok : EXIT.config;
  }
  return begin({ paths, settings, say, stopping, secrets });
}

function listenForStop(): Stopping {
  const stopped = new AbortController();
  let stoppedAt = Infinity;
  process.on("SIGTERM", () => {
    stoppedAt = Math.min(stoppedAt, Date.now());
    stopped.abort();
  });
  return {
    signal: stopped.signal,
    cutOff: followLater(stopped.signal, CUT_OFF_MS),
    deadline: () => stoppedAt + TAKE_BACK_MS,
  };
}

interface Beginning {
  readonly paths: ReplicaPaths;
  readonly settings: ReplicaSettings;
  readonly say: Say;
  readonly stopping: Stopping;
  /** What the log blots out. */
  readonly secrets: string[];
}

async function begin(context: Beginning): Promise<ExitCode> {
  const { paths, say, stopping, secrets } = context;
  const settings = { ...context.settings, slot: context.settings.slot ?? hostname() };
  const systemId = identify(settings, paths);
  say("starting", `system ID ${systemId}, GitLab ${settings.gitlabUrl}`);
  const gitlab = connectGitlab(settings.gitlabUrl, paths.certificates);
  const { signal, cutOff } = stopping;
  const registering: Registering = { gitlab, settings, systemId, say, signal, cutOff };
  const registration: Registration = isAborted(signal)
    ? { kind: "stopped", asked: { for: "nothing" } }
    : await obtainRunner(registering, paths);
  if (registration.kind === "accepted") secrets.push(registration.runner.token);
  const state = stateOf(registering, registration, await findFreePort());
  if (isAborted(signal)) return endStopped(context, registration, registering, state);
  if (registration.kind !== "accepted") {
    const reason = registration.kind === "refused" ? registration.message : "it was stopped";
    say("refused", `GitLab refuses this replica: ${reason}`);
    await hold(say, signal);
    return isAborted(signal) ? EXIT.ok : EXIT.refused;
  }
  configure(context, settings, registration, state);
  return EXIT.ok;
}

/** By its system ID GitLab and gitlab-runner know the replica. */
function identify(settings: ReplicaSettings & { readonly slot: string }, paths: ReplicaPaths) {
  const { pool, runnerName, slot, generation = "" } = settings;
  const systemId = systemIdOf({ pool: pool ?? runnerName, slot, generation });
  writePrivate(paths.systemId, systemId);
  return systemId;
}

/** What the other sub-commands need to know, and what a stop has to take back. */
function stateOf(
  { settings, systemId }: Registering,
  registration: Registration,
  metricsPort: number,
): ReplicaState {
  const accepted = registration.kind === "accepted" ? registration : undefined;
  return {
    gitlabUrl: settings.gitlabUrl,
    token: accepted?.runner.token ?? settings.token,
    systemId,
    runnerId: accepted?.runner.id ?? 0,
    ownsRunner: accepted?.ownsRunner ?? false,
    concurrent: settings.concurrent,
    drainTimeout: settings.drainTimeout,
    metricsPort,
    acceptedAt: Date.now(),
    tokenExpiresAt: accepted?.runner.expiresAt ?? null,
  };
}

/** Removes what GitLab knows, or may know, of a replica that was stopped before it ran. */
async function endStopped(
  { paths, say, stopping }: Beginning,
  registration: Registration,
  { gitlab }: Registering,
  state: ReplicaState,
): Promise<ExitCode> {
  const deadline = stopping.deadline();
  switch (registration.kind) {
    case "refused":
      return EXIT.ok;
    case "stopped":
      return takeBack(registration.asked, { gitlab, state, say, deadline });
    case "accepted": {
      const { signal } = new AbortController();
      return (await unregister({ state, paths, say, deadline, signal })) ? EXIT.ok : EXIT.left;
    }
  }
}

function configure(
  { paths, say }: Beginning,
  settings: ReplicaSettings,
  { runner }: Extract<Registration, { readonly kind: "accepted" }>,
  state: ReplicaState,
): void {
  const text = readIfThere(paths.config) ?? "";
  const existing = readConfig(text);
  if (existing === undefined) {
    say("warning", `${paths.config} is not TOML and is written anew`);
  }
  for (const name of othersIn(existing ?? {}, nameOf(settings), runner.token)) {
    say(
      "warning",
      `${paths.config} holds another runner, "${name}": it is left out, since a replica runs its own alone`,
    );
  }
  writePrivate(paths.config, renderConfig(settings, runner, state.metricsPort, existing));
  writeState(paths.state, state);
  writePrivate(paths.ready, "");
}
