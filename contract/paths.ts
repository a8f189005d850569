/** Where the token secret is mounted in a replica; the same path for every version of the secret. */
export const TOKEN_FILE = "/run/secrets/gitlab-runner-token";

/** Exists while the replica is online, that is accepted by GitLab and polling; the health check looks for it. */
export const ONLINE_FILE = "/run/gitlab-runner-pool/online";
