/** Seconds that swarm waits beyond the drain timeout before it kills a replica: time to abort jobs, tell GitLab and leave. */
export const DRAIN_HEADROOM = 60;

/** Swarm's limit for the length of a service name. */
export const MAX_SERVICE_NAME = 63;
