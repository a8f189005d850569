/**
 * How long Swarm waits after the drain timeout before it kills a replica. The replica aborts its
 * jobs and deregisters in this time.
 */
export const DRAIN_HEADROOM_SECONDS = 60;

/** Docker's option for the MTU of a network. */
export const MTU_OPTION = "com.docker.network.driver.mtu";

/** Swarm's limit for the length of a service name. */
export const MAX_SERVICE_NAME = 63;

/** Returns the name of the volume with the places of a service's replicas on a node. */
export function getPlacesVolume(serviceName: string): string {
  return `${serviceName}-places`;
}

/**
 * Label that identifies the stack that created a service. Its value is the ID of the stack's Docker
 * provider, which only the stack's state contains.
 */
export const OWNER_LABEL = "gitlab-runner-pool.owner";

/**
 * Label of a service whose registry login is set explicitly. Its value is random and changes with
 * the login.
 */
export const REGISTRY_LOGIN_LABEL = "gitlab-runner-pool.registry-login";
