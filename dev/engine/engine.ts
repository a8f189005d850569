import { readFile } from "node:fs/promises";
import { join } from "node:path";
import Docker from "dockerode";
import { installPackages, isRoot } from "../apt";
import type { Context } from "../context";
import { findDaemon, startDaemon } from "../daemons";
import { eventually } from "../eventually";
import { exists, isInstalled } from "../files";
import { ExpectedError } from "../expected-error";
import { engineHost, explainNoAnswer, mayStart, type NoAnswer } from "./address";
import { cleanUpEngine, engineDaemonId } from "./cleanup";
import { captureHostState } from "./host-state";

/**
 * Name of the OCI runtime of the platform's engine that runs privileged containers on any machine.
 */
export const HELD_CAPABILITIES_RUNTIME = "runc-held-capabilities";

const RUNTIME_SCRIPT = "dev/engine/runc-held-capabilities.sh";
const START_TIMEOUT_MS = 60_000;
const ANSWER_TIMEOUT_MS = 10_000;
const SERVICE_TIMEOUT_MS = 20_000;
const LOG_LINES = 8;

/** A Docker engine on this machine. */
export interface Engine {
  readonly docker: Docker;
  /** In DOCKER_HOST's format. */
  readonly host: string;
  readonly version: string;
  /** True if the engine was already running. */
  readonly found: boolean;
}

/** The running engine; undefined if none answers. */
export async function findEngine(context: Context): Promise<Engine | undefined> {
  const host = engineHost(context.env);
  const socketPath = host.slice("unix://".length);
  // The timeout applies to this request only: builds and event streams take longer.
  const noAnswer = await ask(new Docker({ socketPath, timeout: ANSWER_TIMEOUT_MS }));
  if (noAnswer === "absent") return undefined;
  if (noAnswer !== undefined) throw new ExpectedError(refusals[noAnswer](host));
  const docker = new Docker({ socketPath });
  const { Version } = await docker.version();
  const found = (await findDaemon(engineDaemonId(context.paths))).length === 0;
  return { docker, host, version: Version, found };
}

/**
 * The running engine. If there is none, installs Debian's where necessary and starts it directly.
 * @throws ExpectedError when no engine runs and none can be started
 */
export async function ensureEngine(
  context: Context,
  note: (text: string) => void,
): Promise<Engine> {
  const running = await findEngine(context);
  if (running !== undefined) return running;
  const host = engineHost(context.env);
  if (!mayStart(host))
    throw new ExpectedError(`no Docker engine answers at ${host}, the address in DOCKER_HOST`);
  if (!isRoot()) {
    throw new ExpectedError(
      `no Docker engine answers at ${host}, and only root can install and start one. Run this as root, or start Docker and add your user to the group docker.`,
    );
  }
  note("installing Docker");
  return (await install(context)) ?? start(context, note);
}

/**
 * Installs what an engine needs. Returns the engine if the machine's init system has already
 * started it.
 */
async function install(context: Context): Promise<Engine | undefined> {
  const needed = [
    ...((await isInstalled("dockerd")) ? [] : ["docker.io"]),
    ...((await isInstalled("iptables")) ? [] : ["iptables"]),
  ];
  if (needed.length === 0) return undefined;
  const installed = await installPackages(context.commands, needed, "a Docker engine");
  await context.record.add("packages", ...installed);
  if (!(await exists("/run/systemd/system"))) return undefined;
  return eventually(() => findEngine(context), {
    what: "the Docker service to start",
    timeoutMs: SERVICE_TIMEOUT_MS,
  }).catch(() => undefined);
}

async function start(context: Context, note: (text: string) => void): Promise<Engine> {
  const { paths, commands, record } = context;
  note("starting Docker");
  await cleanUpEngine(context);
  // After an interrupted run, only the first recorded state predates the engine.
  const before = (await record.read()).engine ?? (await captureHostState(commands));
  await record.change((all) => ({ ...all, engine: before }));
  const logFile = join(paths.logs, "dockerd.log");
  startDaemon({
    daemonId: engineDaemonId(paths),
    file: "dockerd",
    args: [
      ...["--data-root", join(paths.engineData, "data")],
      ...["--exec-root", join(paths.engineRun, "exec")],
      ...["--pidfile", join(paths.engineRun, "pid")],
      ...["--host", engineHost(context.env)],
      ...["--add-runtime", `${HELD_CAPABILITIES_RUNTIME}=${join(paths.project, RUNTIME_SCRIPT)}`],
    ],
    logFile,
    env: { PATH: `${context.env["PATH"] ?? ""}:/usr/sbin:/sbin` },
  });
  const ended = async (): Promise<boolean> =>
    (await findDaemon(engineDaemonId(paths))).length === 0;
  const engine = await eventually(
    async () => (await findEngine(context)) ?? ((await ended()) && "ended"),
    {
      what: "Docker to start",
      timeoutMs: START_TIMEOUT_MS,
    },
  ).catch(() => undefined);
  if (engine !== undefined && engine !== "ended") return engine;
  const state =
    engine === "ended" ? "exited at once" : `did not answer within ${START_TIMEOUT_MS / 1000} s`;
  throw new Error(`Docker ${state}; the end of ${logFile}:\n${await lastLines(logFile)}`);
}

async function lastLines(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.trimEnd().split("\n").slice(-LOG_LINES).join("\n");
}

async function ask(docker: Docker): Promise<NoAnswer | undefined> {
  try {
    await docker.ping();
    return undefined;
  } catch (error) {
    return explainNoAnswer(error);
  }
}

const refusals: Readonly<Record<Exclude<NoAnswer, "absent">, (host: string) => string>> = {
  forbidden: (host) =>
    `this user may not use the Docker engine at ${host}. Run this as root, or add your user to the group docker and log in again.`,
  unknown: (host) => `the service at ${host} does not answer like a Docker engine`,
};
