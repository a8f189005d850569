import type { EngineApi } from "../../components/docker/engine-api";
import { logLines } from "../../components/docker/log-frames";
import { parseReplicaLine, type ReplicaLine } from "../../contract/replica-log";

/** Lines of each task that are read, newest ones: gitlab-runner's own are among them. */
const TAIL = 500;

/** Longest wait for the log (ms): a node that is down must not hold up the rest. */
const TIMEOUT = 5_000;

/** `TIME LABELS MESSAGE`; the labels name the task. */
const LINE = /^(\S+) \S*com\.docker\.swarm\.task\.id=(\w+)\S* (.*)$/;

/** A line by which a replica told its state. */
export interface TimedLine extends ReplicaLine {
  /** In ISO 8601. */
  readonly at: string;
}

/** What the replicas of a service said, by task, oldest first. @throws Error if the log cannot be read in time */
export async function readReplicaLines(
  engine: EngineApi,
  serviceId: string,
): Promise<ReadonlyMap<string, readonly TimedLine[]>> {
  const log = await engine.open(
    `/services/${serviceId}/logs`,
    { stdout: true, stderr: true, details: true, timestamps: true, tail: String(TAIL) },
    AbortSignal.timeout(TIMEOUT),
  );
  const lines = new Map<string, TimedLine[]>();
  const toLines = logLines();
  for await (const chunk of log) {
    for (const text of toLines(chunk as Buffer)) {
      const [, at, taskId, message] = LINE.exec(text) ?? [];
      const line = message === undefined ? undefined : parseReplicaLine(message);
      if (at === undefined || taskId === undefined || line === undefined) continue;
      lines.set(taskId, [...(lines.get(taskId) ?? []), { ...line, at }]);
    }
  }
  return lines;
}
