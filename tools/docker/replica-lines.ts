import { readServiceLog, type LogQuery, type LogSource } from "../../docker-engine/service-log";
import { parseReplicaLine, type ReplicaLine } from "../../contract/replica-log";
import type { Pool } from "./pools";

/**
 * Number of lines to read from the end of each task's log. gitlab-runner's own lines count,
 * although they are skipped.
 */
const TAIL = 500;

/** Timeout for reading these lines. A node that is down must not delay the others. */
const TAIL_LIMIT_MS = 10_000;

/** Timeout for reading the first lines of long logs. */
const HEAD_LIMIT_MS = 10_000;

/** A followed log counts as read after this time without a new line. */
const QUIET_MS = 1_000;

/** A state line of a replica. */
export interface TimedLine extends ReplicaLine {
  /** In ISO 8601. */
  readonly at: string;
}

/** State lines of replicas by task, oldest first. */
export type ReportsByTask = ReadonlyMap<string, readonly TimedLine[]>;

/** The result of reading a log. */
export interface ReplicaLog {
  readonly reports: ReportsByTask;
  /** Why there may be more lines; undefined if the log was read to its end. */
  readonly problem: string | undefined;
}

/** Timeouts for both ends of a log in milliseconds. */
export interface Limits {
  readonly tailMs: number;
  readonly headMs: number;
}

/**
 * Reads the state lines of pools' replicas, once or repeatedly. It reads standard output only:
 * standard error belongs to gitlab-runner, and a job's name in it may look like a state line. Of a
 * long log, it reads both ends and caches the beginning, because the engine also transfers
 * everything in between, at a few megabytes a second.
 */
export class ReplicaLogReader {
  /** State lines up to the first `online`, by task. */
  private readonly heads = new Map<string, readonly TimedLine[]>();

  constructor(
    private readonly engine: LogSource,
    private readonly limits: Limits = { tailMs: TAIL_LIMIT_MS, headMs: HEAD_LIMIT_MS },
  ) {}

  /**
   * Reads the first and the last lines of a pool's replicas. If a timeout ends the reading, it
   * returns the lines read so far.
   */
  async read(pool: Pool): Promise<ReplicaLog> {
    // Until a task's health check has passed, Swarm returns its log only to clients that follow it.
    const follow = pool.tasks.some(({ state }) => state === "starting");
    const tail = await this.readOnce(pool, { follow, tail: String(TAIL) }, this.limits.tailMs);
    const withoutHead = pool.tasks.filter(({ id, state }) => {
      const begins = tail.reports.get(id)?.some((line) => line.state === "starting") === true;
      return state === "running" && !begins && !this.heads.has(id);
    });
    if (withoutHead.length === 0 || tail.problem !== undefined) return this.mergeWithHeads(tail);
    const areOnline = (reports: ReportsByTask) =>
      withoutHead.every(
        ({ id }) => reports.get(id)?.some(({ state }) => state === "online") === true,
      );
    const query = { follow: false, tail: "all" };
    const head = await this.readOnce(pool, query, this.limits.headMs, areOnline);
    for (const { id } of withoutHead) this.heads.set(id, upToOnline(head.reports.get(id) ?? []));
    return this.mergeWithHeads({ reports: tail.reports, problem: head.problem });
  }

  /** Adds the cached first lines. */
  private mergeWithHeads({ reports, problem }: ReplicaLog): ReplicaLog {
    const ids = new Set([...this.heads.keys(), ...reports.keys()]);
    const lines = [...ids].map((id): [string, readonly TimedLine[]] => {
      const before = this.heads.get(id) ?? [];
      const last = before.at(-1)?.at ?? "";
      return [id, [...before, ...(reports.get(id) ?? []).filter(({ at }) => at > last)]];
    });
    return { reports: new Map(lines), problem };
  }

  private async readOnce(
    { serviceId }: Pool,
    query: Required<Pick<LogQuery, "follow" | "tail">>,
    limitMs: number,
    isEnough: (reports: ReportsByTask) => boolean = () => false,
  ): Promise<ReplicaLog> {
    const reports = new Map<string, TimedLine[]>();
    const signal = AbortSignal.timeout(limitMs);
    const all = { ...query, stdout: true, timestamps: true } as const;
    const end = { signal, quietMs: query.follow ? QUIET_MS : undefined };
    try {
      for await (const { taskId, text, at } of readServiceLog(this.engine, serviceId, all, end)) {
        const line = parseReplicaLine(text);
        if (line === undefined) continue;
        reports.set(taskId, [...(reports.get(taskId) ?? []), { ...line, at }]);
        if (isEnough(reports)) break;
      }
      return { reports, problem: undefined };
    } catch (error) {
      const isLate = signal.aborted;
      return { reports, problem: isLate ? lateMessage(limitMs) : unreadableMessage(error) };
    }
  }
}

function lateMessage(limitMs: number): string {
  return `reading the replica logs timed out after ${limitMs / 1000} s`;
}

function unreadableMessage(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `cannot read the replica logs: ${reason}`;
}

function upToOnline(lines: readonly TimedLine[]): readonly TimedLine[] {
  const online = lines.findIndex(({ state }) => state === "online");
  return online < 0 ? lines : lines.slice(0, online + 1);
}
