import * as z from "zod/mini";
import { getSystemId, getSystemIdPrefix, listSystemIds } from "../../contract/identity";
import { readSystemId } from "../../contract/job-labels";
import { parseOnlineMessage } from "../../contract/online-message";
import { expandSettings, TASK_ENV } from "../../contract/replica-env";
import { parseReplicaLine } from "../../contract/replica-log";
import { envOf } from "../../contract/settings/keys";
import { parseStartingMessage } from "../../contract/starting-message";
import type { EngineApi } from "../../docker-engine/api";
import { isRunning } from "../../docker-engine/job-objects";
import { createLineSplitter } from "../../docker-engine/log-frames";
import { readObject } from "../../docker-engine/read-objects";
import { RUNNER_NAME } from "../docker/pool-task";
import { readPools } from "../docker/pools";
import { ReplicaLogReader } from "../docker/replica-lines";
import { activeSystemIds } from "../docker/system-ids";

/** What living replicas use, or may use. */
export interface Living {
  readonly systemIds: ReadonlySet<string>;
  /** Prefixes of replicas whose system IDs are unknown. Everything with such a prefix may live. */
  readonly prefixes: ReadonlySet<string>;
  /** Names of the pools that were found. */
  readonly pools: ReadonlySet<string>;
}

/** The part of a system ID that names its pool. */
const PREFIX_LENGTH = getSystemIdPrefix("").length;

/** Longest time for reading the log of one container. */
const LOG_LIMIT_MS = 10_000;

const listed = z.array(
  z.object({
    Id: z.string(),
    State: z.string(),
    Labels: z.nullish(z.record(z.string(), z.string())),
  }),
);
const inspected = z.object({ Config: z.object({ Env: z.nullish(z.array(z.string())) }) });

/** Whether a system ID belongs, or may belong, to a living replica. */
export function isLiving({ systemIds, prefixes }: Living, systemId: string): boolean {
  return systemIds.has(systemId) || prefixes.has(systemId.slice(0, PREFIX_LENGTH));
}

/**
 * Finds the living replicas: those in the engine's containers and, if the engine is a manager, all
 * tasks of the swarm's pools. Tasks that have no container yet count, too.
 */
export async function findLiving(engine: EngineApi, isManager: boolean): Promise<Living> {
  const living = {
    systemIds: new Set<string>(),
    prefixes: new Set<string>(),
    pools: new Set<string>(),
  };
  if (isManager) await addTasks(engine, living);
  const containers = await readObject(engine, "/containers/json", listed, { all: true });
  for (const { Id, State, Labels } of containers) {
    if (!isRunning({ State }) || readSystemId(Labels) !== undefined) continue;
    await addContainer(engine, Id, Labels?.["com.docker.swarm.service.name"], living);
  }
  return living;
}

interface Found {
  readonly systemIds: Set<string>;
  readonly prefixes: Set<string>;
  readonly pools: Set<string>;
}

async function addTasks(engine: EngineApi, living: Found): Promise<void> {
  const { pools, skipped } = await readPools(engine);
  const log = new ReplicaLogReader(engine);
  for (const pool of pools) {
    living.pools.add(pool.name);
    // If a replica's log cannot be read, every system ID that it may have counts.
    const { reports } = await log.read(pool);
    for (const id of activeSystemIds(pool, reports)) living.systemIds.add(id);
  }
  for (const { name } of skipped) living.prefixes.add(getSystemIdPrefix(name));
}

async function addContainer(
  engine: EngineApi,
  id: string,
  service: string | undefined,
  living: Found,
): Promise<void> {
  const { Config } = await readObject(engine, `/containers/${id}/json`, inspected);
  const settings = readSettings(Config.Env ?? []);
  if (settings === undefined) {
    if (service !== undefined) living.prefixes.add(getSystemIdPrefix(service));
    return;
  }
  if (settings[envOf("gitlabUrl")] === undefined) return;
  const pool = settings[TASK_ENV.pool] ?? settings[envOf("runnerName")] ?? service ?? RUNNER_NAME;
  const [name = ""] = pool.split("/");
  living.pools.add(name);
  const reported = await readReportedIds(engine, id);
  if (reported.length > 0) {
    for (const systemId of reported) living.systemIds.add(systemId);
    return;
  }
  const { [TASK_ENV.node]: node, [TASK_ENV.slot]: slot } = settings;
  if (node === undefined || node === "" || slot === undefined || slot === "") {
    // Without Swarm, and without a log, its system ID is unknown.
    for (const one of [name, service ?? name]) living.prefixes.add(getSystemIdPrefix(one));
    return;
  }
  const place = settings[TASK_ENV.generation] ?? "";
  const ids = [...listSystemIds({ pool, node, slot }), getSystemId({ pool, node, slot, place })];
  for (const systemId of ids) living.systemIds.add(systemId);
}

/** @returns undefined if the variables belong to another program, or cannot be parsed */
function readSettings(env: readonly string[]) {
  const variables = env.map((line): [string, string] => {
    const [name = ""] = line.split("=", 1);
    return [name, line.slice(name.length + 1)];
  });
  try {
    return expandSettings(Object.fromEntries(variables));
  } catch {
    return undefined;
  }
}

/** Reads the system IDs that a replica logged; none if its log cannot be read. */
async function readReportedIds(engine: EngineApi, id: string): Promise<readonly string[]> {
  try {
    const signal = AbortSignal.timeout(LOG_LIMIT_MS);
    const log = await engine.open(`/containers/${id}/logs`, { stdout: true }, signal);
    const toLines = createLineSplitter();
    const ids: string[] = [];
    for await (const chunk of log) {
      for (const line of toLines(chunk as Buffer)) ids.push(...parseSystemId(line));
    }
    return [...new Set(ids)];
  } catch {
    return [];
  }
}

function parseSystemId(line: string): readonly string[] {
  const { state, message = "" } = parseReplicaLine(line) ?? {};
  if (state === "starting") return [parseStartingMessage(message) ?? []].flat();
  return state === "online" ? [parseOnlineMessage(message)?.systemId ?? []].flat() : [];
}
