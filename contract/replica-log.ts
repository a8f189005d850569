/**
 * Lines by which a replica tells its state. A person reads them in `docker service logs`, and `pulumi up` waits for
 * them: a swarm shows every task's lines from all nodes at once, faster than any health check.
 */

const PREFIX = "gitlab-runner-pool:";

/**
 * - `starting`: the settings are read.
 * - `waiting`: GitLab did not answer, or not now; the replica tries again by itself.
 * - `online`: GitLab accepted the replica and it polls for jobs.
 * - `refused`: GitLab or the settings say no, or the replica cannot write its files; trying again would not help.
 * - `draining`: told to stop; no new job, running jobs finish.
 * - `removed`: GitLab no longer has this replica's manager or runner.
 * - `left`: it could not be removed in time; the line names what GitLab still shows.
 * - `warning`: something a person should know; the replica goes on.
 */
export const REPLICA_STATES = [
  "starting",
  "waiting",
  "online",
  "refused",
  "draining",
  "removed",
  "left",
  "warning",
] as const;

export type ReplicaState = (typeof REPLICA_STATES)[number];

export interface ReplicaLine {
  readonly state: ReplicaState;
  readonly message: string;
}

/** Formats a line, without the line feed; line feeds inside the message become spaces. */
export function formatReplicaLine({ state, message }: ReplicaLine): string {
  return `${PREFIX} ${state}: ${message.replace(/\s*[\r\n]+\s*/g, " ")}`;
}

/** Reads a log line; undefined if it is not one of a replica's own. */
export function parseReplicaLine(line: string): ReplicaLine | undefined {
  const match = new RegExp(`^${PREFIX} (${REPLICA_STATES.join("|")}): (.*)$`, "s").exec(
    line.trimEnd(),
  );
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return { state: match[1] as ReplicaState, message: match[2] };
}
