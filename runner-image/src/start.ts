import { createServer, type AddressInfo } from "node:net";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { EXIT, type ExitCode } from "../../contract/exit-codes";
import { systemIdOf } from "../../contract/identity";
import { readConfig, renderConfig, tokensOf } from "./config-toml";
import { readIfThere, remove, writePrivate } from "./files";
import { connectGitlab } from "./gitlab-api";
import { createLog, type Say } from "./log";
import type { ReplicaPaths } from "./paths";
import { register, verify, type Registering, type Registration } from "./register";
import { writeState, type ReplicaState } from "./replica-state";
import { readSettings, type ReplicaSettings } from "./settings";
import { isAborted } from "./retry";
import { unregister } from "./unregister";

/**
 * How long a replica that cannot start waits before it ends (ms). Swarm starts it again a few seconds later, so this
 * keeps a crash loop at one registration a minute.
 */
export const HOLD_MS = 60_000;

/** How long a request that is under way may go on after a stop (ms). */
const CUT_OFF_MS = 1_500;

/** Longest time that a stopped start takes to take back what GitLab may know (ms). */
const TAKE_BACK_MS = 2_000;

/** Reads the settings, registers with GitLab and writes config.toml. @returns the replica's exit code if it is not to run */
export async function start(paths: ReplicaPaths, env: NodeJS.ProcessEnv): Promise<ExitCode> {
  const [stopped, cutOff] = [new AbortController(), new AbortController()];
  process.on("SIGQUIT", () => {
    stopped.abort();
    setTimeout(() => {
      cutOff.abort();
    }, CUT_OFF_MS).unref();
  });
  for (const file of [paths.ready, paths.online, paths.state]) remove(file);
  const secrets: string[] = [];
  const say = createLog(secrets);
  const { settings, problems, warnings } = readSettings(env);
  for (const warning of warnings) say("warning", warning);
  if (settings === undefined) {
    say("refused", problems.join("; "));
    await hold(say, stopped.signal);
    return isAborted(stopped.signal) ? EXIT.ok : EXIT.config;
  }
  secrets.push(settings.token);
  const signals = { signal: stopped.signal, cutOff: cutOff.signal };
  return begin(paths, settings, say, signals, secrets);
}

async function begin(
  paths: ReplicaPaths,
  settings: ReplicaSettings,
  say: Say,
  signals: Pick<Registering, "signal" | "cutOff">,
  secrets: string[],
): Promise<ExitCode> {
  const { signal } = signals;
  const slot = settings.slot ?? hostname();
  const systemId = systemIdOf({
    pool: settings.pool ?? settings.runnerName,
    slot,
    generation: settings.generation ?? "",
  });
  const named = { ...settings, slot };
  writePrivate(paths.systemId, systemId);
  say("starting", `system ID ${systemId}, GitLab ${settings.gitlabUrl}`);
  const gitlab = connectGitlab(settings.gitlabUrl, paths.certificates);
  const context: Registering = { gitlab, settings: named, systemId, say, ...signals };
  const registration = await obtainRunner(context, paths);
  if (registration.kind === "accepted") secrets.push(registration.runner.token);
  const state = stateOf(context, registration, await freePort());
  if (isAborted(signal)) {
    await takeBack(state, paths, say);
    return EXIT.ok;
  }
  if (registration.kind !== "accepted") {
    say(
      "refused",
      `GitLab refuses this replica: ${registration.kind === "refused" ? registration.message : "stopped"}`,
    );
    await hold(say, signal);
    return isAborted(signal) ? EXIT.ok : EXIT.refused;
  }
  const existing = readConfig(readIfThere(paths.config) ?? "");
  writePrivate(paths.config, renderConfig(named, registration.runner, state.metricsPort, existing));
  writeState(paths.state, state);
  writePrivate(paths.ready, "");
  return EXIT.ok;
}

/** Uses the runner that an earlier config.toml holds, registers a new one, or presents the token that was given. */
async function obtainRunner(context: Registering, paths: ReplicaPaths): Promise<Registration> {
  const { settings } = context;
  if (settings.tokenKind === "authentication") return verify(context, settings.token, false);
  const existing = readConfig(readIfThere(paths.config) ?? "");
  const [earlier] = existing === undefined ? [] : tokensOf(existing, settings.gitlabUrl);
  if (earlier !== undefined) {
    const reused = await verify(context, earlier, true);
    if (reused.kind !== "refused") return reused;
    context.say(
      "warning",
      `GitLab no longer knows the runner of before (${reused.message}); a new one is registered`,
    );
  }
  return register(context);
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
    drainTimeout: settings.drainTimeout,
    metricsPort,
    acceptedAt: Date.now(),
    tokenExpiresAt: accepted?.runner.expiresAt ?? null,
  };
}

/** Removes what a registration that was cut off may have made. */
async function takeBack(state: ReplicaState, paths: ReplicaPaths, say: Say): Promise<void> {
  await unregister({
    state,
    certificates: paths.certificates,
    say,
    deadline: Date.now() + TAKE_BACK_MS,
    signal: AbortSignal.timeout(TAKE_BACK_MS),
  });
}

/** Waits before a failing replica ends, so that its restarts do not press on GitLab. A stop ends the wait. */
export async function hold(say: Say, signal: AbortSignal, ms = HOLD_MS): Promise<void> {
  say(
    "warning",
    `this replica ends in ${Math.ceil(ms / 1000)} s, so that restarts do not press on GitLab`,
  );
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

/** A port on 127.0.0.1 that nobody uses: with the host's network replicas share the ports. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
