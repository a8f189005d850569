/**
 * The oldest version of the engine's API that gitlab-runner 19.4 supports: the minimum of its
 * client, `github.com/moby/moby/client`.
 */
export const MIN_JOB_ENGINE = { major: 1, minor: 40, engine: "Docker 19.03" } as const;
