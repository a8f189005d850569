/**
 * Seconds that swarm waits beyond the drain timeout before it kills a replica: time to abort jobs,
 * tell GitLab and leave.
 */
export const DRAIN_HEADROOM_SECONDS = 60;

/** Swarm's limit for the length of a service name. */
export const MAX_SERVICE_NAME = 63;

/** Name of the volume in which the replicas of a service have their places on a node. */
export function getPlacesVolume(serviceName: string): string {
  return `${serviceName}-places`;
}

/**
 * Label of a service that tells which stack made it: the ID of the stack's Docker provider, which
 * its state alone knows.
 */
export const OWNER_LABEL = "gitlab-runner-pool.owner";
