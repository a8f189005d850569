import { toPlainLine } from "./plain-text";

/**
 * The log lines in which a replica reports its state. People read them in `docker service logs`.
 * `pulumi up` waits for them because a swarm streams the lines of all tasks from all nodes at once,
 * faster than any health check.
 */

const PREFIX = "gitlab-runner-pool:";

/**
 * - `starting`: the replica has read its settings. Reported again when its engine answers after a
 *   wait.
 * - `waiting`: GitLab does not answer, or asks the replica to try later, or the replica's Docker
 *   engine cannot run jobs. The replica retries. Reported after `online` if GitLab has not answered
 *   for minutes, or if a job has failed and the engine is away; the replica stays healthy.
 * - `online`: GitLab accepts the replica, and the replica polls for jobs. Reported again when a
 *   `waiting` or `refused` ends.
 * - `refused`: GitLab rejects the replica, a setting is wrong, or the replica cannot write its
 *   files. Retrying would not help. Reported after `online` if GitLab has rejected the replica for
 *   minutes; the replica is unhealthy until it is `online` again.
 * - `draining`: the replica received a stop signal. It accepts no new jobs and lets running jobs
 *   finish.
 * - `deregistered`: GitLab no longer has this replica's manager or runner.
 * - `not deregistered`: the replica could not deregister in time. The line names what GitLab still
 *   has.
 * - `warning`: something that an operator should know. The replica keeps running.
 */
export const REPLICA_STATUSES = [
  "starting",
  "waiting",
  "online",
  "refused",
  "draining",
  "deregistered",
  "not deregistered",
  "warning",
] as const;

/** The word, or words, at the beginning of a replica's log line. */
export type ReplicaStatus = (typeof REPLICA_STATUSES)[number];

/**
 * The words of older images. During an update their replicas still drain while `pulumi up`,
 * `npm run status` and the other tools of this version read their logs.
 */
const OLD_STATUSES: Readonly<Record<string, ReplicaStatus>> = {
  removed: "deregistered",
  left: "not deregistered",
};

const LINE = new RegExp(
  `^${PREFIX} (${[...REPLICA_STATUSES, ...Object.keys(OLD_STATUSES)].join("|")}):(?: (.*))?$`,
  "s",
);

export interface ReplicaLine {
  readonly state: ReplicaStatus;
  readonly message: string;
}

/** The maximum length of a message, in characters. A message may quote text of any length. */
const MAX_MESSAGE = 4_000;

/**
 * Formats a line, without the line feed. The message may quote text from GitLab or Docker, so it
 * is reduced to plain text on one line.
 */
export function formatReplicaLine({ state, message }: ReplicaLine): string {
  const text = toPlainLine(message);
  const short = text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}…` : text;
  return `${PREFIX} ${state}: ${short}`;
}

/**
 * Returns the line with a replica's current state: the last line that is not a `warning`.
 * @param lines the replica's lines, oldest first
 */
export function findCurrentState(lines: readonly ReplicaLine[]): ReplicaLine | undefined {
  return lines.filter(({ state }) => state !== "warning").at(-1);
}

/** Parses a log line. Returns undefined if a replica did not write it. */
export function parseReplicaLine(line: string): ReplicaLine | undefined {
  const [, word, message] = LINE.exec(line.trimEnd()) ?? [];
  if (word === undefined) return undefined;
  return {
    state: OLD_STATUSES[word] ?? (word as ReplicaStatus),
    message: toPlainLine(message ?? ""),
  };
}
