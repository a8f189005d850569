import { EXIT, type ExitCode } from "../../../contract/exit-codes";
import { DRAIN_HEADROOM_SECONDS } from "../../../contract/swarm";
import { formatStartingMessage } from "../../../contract/starting-message";
import { monotonicMs } from "../system/clock";
import { writeConfig } from "./write-config";
import { writePrivate } from "../system/files";
import { connectGitlab } from "../gitlab/client";
import { delayExit } from "../system/exit-delay";
import { identify, type Identity } from "./identity";
import type { Report } from "../log";
import { exportProxy } from "./proxy-variables";
import { awaitEngine } from "./await-engine";
import type { Engine } from "../system/engine/engine";
import { probeEngine } from "../system/engine/probe";
import { writeEngineCertificates } from "./engine-certificates";
import { findImageLimit } from "./image-limit";
import { findJobEngine } from "./job-engine";
import { resolveRunner } from "./resolve-runner";
import type { ReplicaPaths } from "../system/paths";
import type { Registering, Registration } from "./register";
import { writeRecord } from "../system/registration-file";
import type { ImageLimit, PoolOnNode, StateFile } from "../system/state-file";
import { isAborted } from "../gitlab/retry";
import { listSecrets, type ReplicaSettings } from "../settings/settings";
import { describeShortcomings } from "./shortcomings";
import { takeOver } from "./take-over";
import { undoRegistration } from "./undo-registration";
import { deregister } from "../gitlab/deregister";

/** A stop signal during the start. The start then ends as soon as possible. */
export interface StopRequest {
  readonly signal: AbortSignal;
  readonly cutOff: AbortSignal;
  /** When to stop asking GitLab, by `monotonicMs`. Infinite until a stop signal arrives. */
  readonly deadlineMs: () => number;
}

/** What every step of a start needs. */
export interface Starting {
  readonly paths: ReplicaPaths;
  /** The replica's environment, which gitlab-runner inherits. */
  readonly env: NodeJS.ProcessEnv;
  readonly report: Report;
  readonly stopping: StopRequest;
  /** Strings that the log redacts; may grow. */
  readonly secrets: string[];
}

/** How long to try to deregister a replica that cannot run. */
const WITHDRAW_TIMEOUT_MS = (DRAIN_HEADROOM_SECONDS / 2) * 1000;

type Accepted = Extract<Registration, { readonly kind: "accepted" }>;

/**
 * Registers the replica with GitLab and prepares it to run.
 * @returns the replica's exit code if it must not run
 * @throws Error if something other than GitLab keeps it from running; the replica has tried to
 * deregister before that
 */
export async function bootstrap(context: Starting, given: ReplicaSettings): Promise<ExitCode> {
  const { paths, report, stopping } = context;
  const { signal, cutOff } = stopping;
  writeEngineCertificates(paths.engineCertificates, given);
  const engine = findJobEngine(given, paths, context.env, report);
  exportProxy(paths.proxy, context.env, given.proxy, engine);
  // At once, because the answer takes longer than the next steps.
  const first = engine === undefined ? undefined : probeEngine(engine, signal);
  const identity = await identify(given, paths.place);
  const settings = { ...given, slot: identity.slot };
  const { systemId } = identity;
  writePrivate(paths.systemId, systemId);
  report("starting", formatStartingMessage(systemId, settings.gitlabUrl));
  const shortcomings = describeShortcomings(given, identity);
  if (shortcomings !== undefined) report("warning", shortcomings);
  // Before any request to GitLab, which would give jobs to a replica that cannot run them.
  if (engine !== undefined && first !== undefined) {
    await awaitEngine({ engine, first, report, signal });
  }
  const tookOver = isAborted(signal)
    ? Promise.resolve()
    : takeOver({ place: paths.place, identity, engine, report, signal });
  const gitlab = connectGitlab(settings.gitlabUrl, paths.certificates);
  const registering: Registering = { gitlab, settings, systemId, report, signal, cutOff };
  const registration: Registration = isAborted(signal)
    ? { kind: "stopped", asked: { for: "nothing" } }
    : await resolveRunner(registering, paths);
  const state = buildState(registering, registration, {
    ...{ place: paths.place, identity, engine },
    imageLimit: findImageLimit(given, paths, engine, report),
  });
  switch (registration.kind) {
    case "stopped":
      await tookOver;
      return undoRegistration(registration.asked, {
        gitlab,
        state,
        report,
        deadlineMs: stopping.deadlineMs(),
      });
    case "refused":
      if (isAborted(signal)) return EXIT.ok;
      report("refused", `GitLab rejected this replica: ${registration.message}`);
      await delayExit(report, signal);
      return isAborted(signal) ? EXIT.ok : EXIT.refused;
    case "accepted":
      // GitLab retries a killed predecessor's job, which may still run, in the same working tree.
      await tookOver;
      return prepareRunner(context, settings, registration, state);
  }
}

/** What a replica holds on its node. */
interface Holding {
  readonly place: string | undefined;
  readonly identity: Identity;
  readonly engine: Engine | undefined;
  readonly imageLimit: ImageLimit | null;
}

/** Builds what the other subcommands need to know, and what a stop must undo. */
function buildState(
  { settings, systemId }: Registering,
  registration: Registration,
  { place, identity, engine, imageLimit }: Holding,
): StateFile {
  const accepted = registration.kind === "accepted" ? registration : undefined;
  return {
    gitlabUrl: settings.gitlabUrl,
    token: accepted?.runner.token ?? settings.token,
    secrets: listSecrets(settings),
    systemId,
    ownsSystemId: identity.ownsSystemId,
    runnerId: accepted?.runner.id ?? 0,
    ownsRunner: accepted?.ownsRunner ?? false,
    canRegister: settings.tokenKind === "registration",
    place: place ?? null,
    engine: engine ?? null,
    imageLimit,
    tidiesUp: settings.executor === "docker" && settings.docker.tidy !== false,
    poolOnNode: findPoolOnNode(settings),
    concurrent: settings.concurrent,
    drainTimeoutSeconds: settings.drainTimeout,
    metricsPort: 0,
    acceptedAtMs: monotonicMs(),
    tokenExpiresAt: accepted?.runner.expiresAt ?? null,
  };
}

/** Finds what earlier replicas of this pool on this node have in common with this one. */
function findPoolOnNode({ pool, node, slot }: ReplicaSettings): PoolOnNode | null {
  return pool === undefined || node === undefined || slot === undefined ? null : { pool, node };
}

/** Prepares a replica that GitLab has accepted, and deregisters it if it cannot run. */
async function prepareRunner(
  context: Starting,
  settings: ReplicaSettings,
  { runner, ownsRunner }: Accepted,
  state: StateFile,
): Promise<ExitCode> {
  const { paths, report, stopping, secrets } = context;
  secrets.push(runner.token);
  try {
    const { gitlabUrl } = settings;
    if (ownsRunner) {
      writeRecord(paths.record, { gitlabUrl, runnerId: runner.id, token: runner.token });
    }
    if (!isAborted(stopping.signal)) {
      await writeConfig({ paths, report, settings, runner, state });
      return EXIT.ok;
    }
  } catch (error) {
    const deadlineMs = monotonicMs() + WITHDRAW_TIMEOUT_MS;
    await deregister({ state, paths, report, deadlineMs, signal: stopping.signal });
    throw error;
  }
  const { signal } = new AbortController();
  const deadlineMs = stopping.deadlineMs();
  return (await deregister({ state, paths, report, deadlineMs, signal }))
    ? EXIT.ok
    : EXIT.notDeregistered;
}
