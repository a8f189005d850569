import { parseReplicaLine, type ReplicaLine } from "../../contract/replica-log";
import { readServiceLog, type LogSource } from "../../docker-engine/service-log";

/**
 * Follows the reports of a service's replicas on all nodes until the signal aborts it. Only
 * standard output is read: gitlab-runner writes to standard error, where a job's name could look
 * like a report.
 * @param since start of the log to read, in ISO 8601
 */
export async function followLog(
  engine: LogSource,
  serviceId: string,
  since: string,
  signal: AbortSignal,
  onLine: (taskId: string, line: ReplicaLine) => void,
): Promise<void> {
  const seconds = Math.floor(Date.parse(since) / 1000);
  const query = { follow: true, stdout: true, since: String(seconds) } as const;
  for await (const { taskId, text } of readServiceLog(engine, serviceId, query, { signal })) {
    const line = parseReplicaLine(text);
    if (line !== undefined) onLine(taskId, line);
  }
}
