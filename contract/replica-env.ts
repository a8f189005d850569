/**
 * Environment variables of a replica. The stack program writes them into the service, the entrypoint reads them; by
 * hand (`docker run -e …`, a compose file) they are the same. The first five are those of the first version of this idea.
 */
export const REPLICA_ENV = {
  /** Runner token; `RUNNER_CI_TOKEN_FILE` names a file that holds it. */
  token: "RUNNER_CI_TOKEN",
  gitlabUrl: "RUNNER_CI_URL",
  runnerName: "RUNNER_NAME",
  jobImage: "RUNNER_IMAGE",
  tags: "RUNNER_TAGS",

  tokenKind: "RUNNER_TOKEN_KIND",
  runUntagged: "RUNNER_RUN_UNTAGGED",
  locked: "RUNNER_LOCKED",
  protected: "RUNNER_PROTECTED",
  maximumTimeout: "RUNNER_MAXIMUM_TIMEOUT",
  concurrent: "RUNNER_CONCURRENT",
  drainTimeout: "RUNNER_DRAIN_TIMEOUT",
  executor: "RUNNER_EXECUTOR",
  dockerPrivileged: "RUNNER_DOCKER_PRIVILEGED",
  dockerVolumes: "RUNNER_DOCKER_VOLUMES",
  dockerPullPolicy: "RUNNER_DOCKER_PULL_POLICY",
  dockerAllowedImages: "RUNNER_DOCKER_ALLOWED_IMAGES",
  dockerHelperImage: "RUNNER_DOCKER_HELPER_IMAGE",
  dockerNetworkMode: "RUNNER_DOCKER_NETWORK_MODE",

  /** Name of the pool; with slot and generation it makes the system ID. */
  pool: "RUNNER_POOL",
  /** Number of the replica in its pool, from 1; swarm fills it in. */
  slot: "RUNNER_SLOT",
  /** Changes with the service's spec, but not with its replica count. */
  generation: "RUNNER_GENERATION",
} as const;

export type ReplicaSetting = keyof typeof REPLICA_ENV;

/**
 * One variable that holds others: a JSON object from variable to value. A stack's service sets only this one, since the
 * docker provider writes variables in a random order, and swarm restarts every replica of a service whose order changed.
 */
export const SETTINGS_ENV = "RUNNER_SETTINGS";

/**
 * Spreads the variable that holds others; one that is set by itself wins.
 * @throws SyntaxError if it is no JSON object of texts
 */
export function spreadSettings(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  const held = env[SETTINGS_ENV];
  if (held === undefined || held === "") return env;
  const variables: unknown = JSON.parse(held);
  if (!isTextMap(variables)) throw new SyntaxError(`${SETTINGS_ENV} is no JSON object of texts`);
  return { ...variables, ...env };
}

function isTextMap(value: unknown): value is Readonly<Record<string, string>> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((text) => typeof text === "string")
  );
}
