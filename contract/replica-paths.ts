import { toKebabCase } from "./kebab-case";

/**
 * Returns the path at which a setting's secret is mounted in a replica. All versions of the secret
 * have the same path.
 * @param key such as `token` or `cache.s3.secretKey`
 */
export function getSecretFile(key: string): string {
  return `/run/secrets/gitlab-runner-${toKebabCase(key)}`;
}

/** gitlab-runner's folder with the certificates for GitLab servers. */
export const CERTIFICATES_FOLDER = "/etc/gitlab-runner/certs";

/** The run folder. It contains the token, so it is in memory and never on a disk. */
export const RUN_FOLDER = "/run/gitlab-runner-pool";

/**
 * Exists while the replica is online: GitLab accepts it, and it polls for jobs. The health check
 * looks for this file.
 */
export const ONLINE_FILE = `${RUN_FOLDER}/online`;

/**
 * Folder with the places of a pool's replicas on one node (runner-image/place.sh). It is a local
 * volume, which all replicas on the node share.
 */
export const PLACES_FOLDER = "/var/lib/gitlab-runner-pool";

/** gitlab-runner's working directory, the home of the user who runs jobs of the shell executor. */
export const WORKING_DIRECTORY = "/home/gitlab-runner";

/** Where gitlab-runner, as root, looks for logins of registries. */
export const DOCKER_CONFIG_FOLDER = "/root/.docker";
