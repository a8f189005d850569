import { parseReplicaLine, type ReplicaLine } from "../../contract/replica-log";
import type { EngineApi } from "../docker/engine-api";
import { logLines } from "../docker/log-frames";

/** Each line of a service's log begins with the labels of its task. */
const DETAILS = /^\S*com\.docker\.swarm\.task\.id=(\w+)\S* (.*)$/;

/**
 * Follows what the replicas of a service say, from all nodes, until the signal aborts it.
 * @param since when to begin, in ISO 8601
 */
export async function followLog(
  api: EngineApi,
  serviceId: string,
  since: string,
  signal: AbortSignal,
  onLine: (taskId: string, line: ReplicaLine) => void,
): Promise<void> {
  const seconds = Math.floor(Date.parse(since) / 1000);
  const log = await api.open(
    `/services/${serviceId}/logs`,
    { follow: true, stdout: true, stderr: true, details: true, since: String(seconds) },
    signal,
  );
  const toLines = logLines();
  for await (const chunk of log) {
    for (const text of toLines(chunk as Buffer)) {
      const [, taskId, message] = DETAILS.exec(text) ?? [];
      const line = message === undefined ? undefined : parseReplicaLine(message);
      if (taskId !== undefined && line !== undefined) onLine(taskId, line);
    }
  }
}
