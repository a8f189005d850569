import { toKebabCase } from "./kebab-case";

/**
 * Where the secret of a setting is mounted in a replica; the same path for every version of the
 * secret.
 * @param key such as `token` or `cache.s3.secretKey`
 */
export function getSecretFile(key: string): string {
  return `/run/secrets/gitlab-runner-${toKebabCase(key)}`;
}

/** Folder of what a replica writes, the token among it: in memory, so that it is on no disk. */
export const RUN_FOLDER = "/run/gitlab-runner-pool";

/**
 * Exists while the replica is online, that is accepted by GitLab and polling; the health check
 * looks for it.
 */
export const ONLINE_FILE = `${RUN_FOLDER}/online`;

/**
 * Folder with the places of a pool's replicas on one node (runner-image/place.sh). All of them must
 * see the same folder, and those of another node another one: a local volume.
 */
export const PLACES_FOLDER = "/var/lib/gitlab-runner-pool";
