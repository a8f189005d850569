import type { Readable } from "node:stream";
import type { EngineApi } from "../../components/docker/engine-api";
import { logLines } from "../../components/docker/log-frames";
import { parseReplicaLine, type ReplicaLine } from "../../contract/replica-log";
import type { Pool } from "./pools";

/** Lines of each task that are read, newest ones: gitlab-runner's own are among them. */
const TAIL = 500;

/** Longest wait for the log (ms): a node that is down must not hold up the rest. */
const TIMEOUT = 5_000;

/** A log that is followed counts as read when nothing has come for so long (ms). */
const QUIET = 1_000;

/** `TIME LABELS MESSAGE`; the labels name the task. */
const LINE = /^(\S+) \S*com\.docker\.swarm\.task\.id=(\w+)\S* (.*)$/;

/** A line by which a replica told its state. */
export interface TimedLine extends ReplicaLine {
  /** In ISO 8601. */
  readonly at: string;
}

/** What the replicas of a pool said, by task, oldest first. @throws Error if the log cannot be read in time */
export async function readReplicaLines(
  engine: EngineApi,
  { serviceId, tasks }: Pool,
): Promise<ReadonlyMap<string, readonly TimedLine[]>> {
  // Of a task whose health check has not passed yet swarm gives the log only to those who follow it.
  const follow = tasks.some(({ state }) => state === "starting");
  const log = await engine.open(
    `/services/${serviceId}/logs`,
    { follow, stdout: true, stderr: true, details: true, timestamps: true, tail: String(TAIL) },
    AbortSignal.timeout(TIMEOUT),
  );
  const lines = new Map<string, TimedLine[]>();
  const toLines = logLines();
  await readToEnd(log, follow ? QUIET : undefined, (chunk) => {
    for (const text of toLines(chunk)) {
      const [, at, taskId, message] = LINE.exec(text) ?? [];
      const line = message === undefined ? undefined : parseReplicaLine(message);
      if (at === undefined || taskId === undefined || line === undefined) continue;
      lines.set(taskId, [...(lines.get(taskId) ?? []), { ...line, at }]);
    }
  });
  return lines;
}

/** Reads a stream until it ends, or nothing has come for some time (ms) if one is given. */
function readToEnd(
  stream: Readable,
  quiet: number | undefined,
  onChunk: (chunk: Buffer) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = quiet === undefined ? undefined : setTimeout(() => stream.destroy(), quiet);
    stream.on("data", (chunk: Buffer) => {
      timer?.refresh();
      onChunk(chunk);
    });
    stream.on("error", reject);
    stream.on("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
