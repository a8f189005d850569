import { MIN_JOB_ENGINE } from "../../../contract/engine-api";
import { parseEngineHost } from "../../../contract/settings/types/engine-host";
import type { EngineAddress, EngineLocation } from "../../../docker-engine/address";
import { EngineApi } from "../../../docker-engine/api";
import { readEngineVersion } from "../../../docker-engine/engine-details";
import type { StackPool, StackSettings } from "../../../stack/stack-settings";
import { explainEngineFault, type EngineNames } from "../engine-faults";
import type { Result } from "../outcome";
import { count, listPools, nameInSentence, readText } from "../pools";
import type { WaitFor } from "../steps";
import { combineVerdicts, type Verdict } from "../verdict";
import { compareVersions, parseVersion } from "../../../contract/version";
import type { CheckedSwarm } from "./swarm";

/** How long an engine may take to answer one request. */
const ANSWER_TIMEOUT_MS = 10_000;

const NAMES: EngineNames = {
  address: "`docker.host`",
  ca: "`docker.hostCa`",
  certificate: "`docker.hostCert`",
  certificates: "`docker.hostCa`, `docker.hostCert` and `docker.hostKey`",
  otherwise: "; if only the swarm's nodes reach it, run this command on one of them",
};

/** This machine, and what is known about its place in the swarm. */
export interface Place {
  /** The host name of this machine. */
  readonly machineName: string;
  /** The engine of `pulumi up`; undefined if it does not answer. */
  readonly location: EngineLocation | undefined;
  /** Undefined if it could not be read. */
  readonly swarm: CheckedSwarm | undefined;
}

/** Whether a pool runs its jobs on another engine than that of its replica's node. */
export function hasJobEngine(settings: StackSettings): boolean {
  return listPools(settings).some((pool) => readText(pool, "docker.host") !== "");
}

/**
 * Checks the engines that `docker.host` names, as a replica does before it comes online.
 * @param timeoutMs how long an engine may take. @default 10 seconds
 */
export async function checkJobEngines(
  settings: StackSettings,
  place: Place,
  waitFor: WaitFor,
  timeoutMs: number = ANSWER_TIMEOUT_MS,
): Promise<Result<undefined>> {
  const verdicts: Verdict[] = [];
  for (const pool of listPools(settings)) {
    const host = readText(pool, "docker.host");
    if (host === "") continue;
    waitFor(`an answer from ${host}`);
    const { kind, text } = await judge(pool, host, place, timeoutMs);
    verdicts.push({ kind, text: `${nameInSentence(pool, settings)}${text}` });
  }
  return combineVerdicts(verdicts);
}

async function judge(
  pool: StackPool,
  host: string,
  place: Place,
  timeoutMs: number,
): Promise<Verdict> {
  const engine = parseEngineHost(host);
  if (engine.kind === "tcp") {
    const [ca, cert, key] = ["Ca", "Cert", "Key"].map((part) =>
      readText(pool, `docker.host${part}`),
    );
    const address = { kind: "tcp", host: engine.host, port: engine.port } as const;
    const tls = { ca, ...(cert && key ? { cert, key } : {}) };
    const verdict = await ask(host, { ...address, tls }, timeoutMs);
    if (verdict.kind !== "passed") return verdict;
    const isOpen = await answers(host, { ...address, tls: { ca } }, timeoutMs);
    return isOpen
      ? {
          kind: "warned",
          text: `${verdict.text}, but it also accepts clients without a certificate, so everybody who reaches its port is root on its machine: start it with --tlsverify`,
        }
      : { kind: "passed", text: `${verdict.text}, accepts \`docker.hostCert\`` };
  }
  const others = describeOtherNodes(place);
  if (others === undefined) {
    return {
      kind: "skipped",
      text: `${host} is a socket on the nodes, and this machine is not known to be one: run the command on a node, or \`docker -H ${host} version\``,
    };
  }
  const { kind, text } = await ask(host, engine, timeoutMs);
  return { kind, text: `${text}${others}` };
}

/** Asks an engine for its version. */
async function ask(host: string, address: EngineAddress, timeoutMs: number): Promise<Verdict> {
  const api = new EngineApi(() => ({ host, address }));
  try {
    (await api.open("/_ping", {}, AbortSignal.timeout(timeoutMs))).resume();
    const { version, apiVersion } = await readEngineVersion(api);
    const text = `engine ${version} at ${host}, API ${apiVersion}`;
    const isOld = compareVersions(parseVersion(apiVersion), MIN_JOB_ENGINE) < 0;
    return isOld
      ? {
          kind: "failed",
          text: `${text}, but gitlab-runner needs API ${MIN_JOB_ENGINE.major}.${MIN_JOB_ENGINE.minor}: update it to ${MIN_JOB_ENGINE.engine} or later`,
        }
      : { kind: "passed", text };
  } catch (error) {
    const text = explainEngineFault(error, host, address, NAMES);
    return { kind: "failed", text };
  }
}

/** Whether an engine answers a request. */
async function answers(host: string, address: EngineAddress, timeoutMs: number): Promise<boolean> {
  const api = new EngineApi(() => ({ host, address }));
  try {
    (await api.open("/_ping", {}, AbortSignal.timeout(timeoutMs))).resume();
    return true;
  } catch {
    return false;
  }
}

/**
 * Describes the nodes whose sockets cannot be checked, to append to a line.
 * @returns undefined if this machine may not be a node, as with Docker Desktop's virtual machine
 */
function describeOtherNodes({ machineName, location, swarm }: Place): string | undefined {
  const isHere = location?.address.kind === "socket" && swarm?.info.name === machineName;
  if (!isHere) return undefined;
  const others = swarm.nodes.filter(({ name }) => name !== machineName).length;
  return others === 0
    ? ` (on node ${machineName})`
    : ` (on node ${machineName}; ${count(others, "other node")} not checked)`;
}
