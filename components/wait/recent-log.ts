import type { EngineApi } from "../../docker-engine/api";
import { readServiceLog, type LogQuery, type TaskLine } from "../../docker-engine/service-log";
import { parseReplicaLine } from "../../contract/replica-log";
import { updateReport } from "./update-report";
import type { ReplicaReport } from "./snapshot";

/** How long reading a log may take. Lines that arrive later are ignored. */
const LOG_TIMEOUT_MS = 3_000;

/** A followed log counts as read after this time without a new line. */
const QUIET_MS = 1_000;

/**
 * How many of each replica's last lines are searched for reports. gitlab-runner writes a few lines
 * per job.
 */
const TAIL_LINES = "200";

/** Adds the latest reports of replicas that started long ago. */
export async function readRecentReports(
  api: EngineApi,
  serviceId: string,
  reports: Map<string, ReplicaReport>,
): Promise<void> {
  for (const { taskId, text } of await readTail(api, serviceId, {
    stdout: true,
    tail: TAIL_LINES,
  })) {
    const line = parseReplicaLine(text);
    if (line !== undefined) reports.set(taskId, updateReport(reports.get(taskId), line));
  }
}

/**
 * Reads the last lines of a replica's log, including those of gitlab-runner. It follows the log,
 * because Swarm returns the log of a task that is not healthy yet only to clients that follow it.
 */
export async function readLastLines(
  api: EngineApi,
  serviceId: string,
  taskId: string,
): Promise<readonly string[]> {
  const query = { follow: true, stdout: true, stderr: true, tail: TAIL_LINES } as const;
  const lines = await readTail(api, serviceId, query, QUIET_MS);
  return lines.filter((line) => line.taskId === taskId).map(({ text }) => text);
}

/** @returns the lines read so far if the log cannot be read to its end */
async function readTail(
  api: EngineApi,
  serviceId: string,
  query: LogQuery,
  quietMs?: number,
): Promise<readonly TaskLine[]> {
  const found: TaskLine[] = [];
  try {
    const signal = AbortSignal.timeout(LOG_TIMEOUT_MS);
    for await (const line of readServiceLog(api, serviceId, query, { signal, quietMs }))
      found.push(line);
  } catch {
    // Some log drivers cannot be read. The states of the tasks show most of the reasons.
  }
  return found;
}
