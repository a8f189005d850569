import { addAbortSignal } from "node:stream";
import type { EngineApi } from "./api";
import { createLineSplitter } from "./log-frames";

/** The part of the engine's client that reads logs. Tests replace it. */
export type LogSource = Pick<EngineApi, "open">;

/** Which lines of a service's log to read, as parameters of the engine's API. */
export interface LogQuery {
  readonly stdout: true;
  readonly stderr?: true;
  /** Whether to wait for more lines. @default false */
  readonly follow?: boolean;
  /** How many of each task's newest lines, or `all`. @default "all" */
  readonly tail?: string;
  /** When to begin, in seconds since 1970. @default the beginning */
  readonly since?: string;
  /** Whether each line starts with its time. @default false */
  readonly timestamps?: true;
}

/** A line that a task of a service wrote. */
export interface TaskLine {
  readonly taskId: string;
  readonly text: string;
  /** In ISO 8601; empty unless `timestamps` was set. */
  readonly at: string;
}

/** When to stop reading a log. */
export interface LogEnd {
  readonly signal: AbortSignal;
  /** Stop after this time without a new line. @default never */
  readonly quietMs?: number | undefined;
}

/** `LABELS MESSAGE`; the labels name the task. */
const LINE = /^\S*com\.docker\.swarm\.task\.id=(\w+)\S* (.*)$/;

/**
 * Reads the log of a service from all nodes until it ends.
 * @throws {EngineError} if the engine answers with an error
 * @throws Error if the connection breaks or the signal aborts it
 */
export async function* readServiceLog(
  engine: LogSource,
  serviceId: string,
  query: LogQuery,
  { signal, quietMs }: LogEnd,
): AsyncGenerator<TaskLine> {
  const path = `/services/${serviceId}/logs`;
  const log = await engine.open(path, { ...query, details: true }, signal);
  addAbortSignal(signal, log);
  const quiet = new AbortController();
  addAbortSignal(quiet.signal, log);
  const timer =
    quietMs === undefined
      ? undefined
      : setTimeout(() => {
          quiet.abort();
        }, quietMs);
  const toLines = createLineSplitter();
  try {
    for await (const chunk of log) {
      timer?.refresh();
      for (const line of toLines(chunk as Buffer)) {
        const parsed = parseLine(line, query.timestamps === true);
        if (parsed !== undefined) yield parsed;
      }
    }
  } catch (error) {
    if (!quiet.signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
  }
}

function parseLine(line: string, hasTime: boolean): TaskLine | undefined {
  const end = hasTime ? line.indexOf(" ") : -1;
  const [, taskId, text] = LINE.exec(line.slice(end + 1)) ?? [];
  if (taskId === undefined || text === undefined) return undefined;
  return { taskId, text, at: line.slice(0, Math.max(end, 0)) };
}
