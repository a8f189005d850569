/** Builds the name of a pool's swarm service. @param pool undefined for the default pool */
export function buildServiceName(project: string, stack: string, pool: string | undefined): string {
  return [project, stack, pool].filter((part) => part !== undefined).join("-");
}

/** Builds the description of the runner that a pool creates in GitLab. */
export function buildRunnerDescription(
  prefix: string,
  stack: string,
  pool: string | undefined,
): string {
  return `${prefix}${pool === undefined ? stack : `${stack}-${pool}`}`;
}
