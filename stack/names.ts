/** Name of a pool's swarm service. @param pool undefined for the pool of the top level */
export function serviceNameOf(project: string, stack: string, pool: string | undefined): string {
  return [project, stack, pool].filter((part) => part !== undefined).join("-");
}

/** Description of the runner that a pool creates in GitLab. */
export function runnerDescription(prefix: string, stack: string, pool: string | undefined): string {
  return `${prefix}${pool === undefined ? stack : `${stack}-${pool}`}`;
}
