/** Which runners of a pool a token can see in GitLab. */
export interface Visibility {
  /** Whether the token can list all runners of the instance. */
  readonly isInstanceWide: boolean;
  /** Runners that it can list. */
  readonly listed: readonly number[];
  /** Runners whose managers it may not see. */
  readonly hidden: readonly number[];
}

/** What is known about a pool's runners. */
export interface PoolRunners {
  /** IDs of the runners that its replicas logged. */
  readonly named: readonly number[];
  /** Whether anything of the pool was found in GitLab. */
  readonly isFound: boolean;
  /**
   * Whether its replicas register their own runners. The runner of a killed replica can only be
   * found in GitLab's list of runners.
   */
  readonly registers: boolean;
}

/** Which role can see which runner. */
const ROLES =
  "an instance runner needs the token of an administrator (if Admin Mode is on, with the `admin_mode` scope too), a group runner the token of an Owner of the group, a project runner the token of a Maintainer of the project";

/**
 * Explains why GitLab's data may be incomplete: the token may see too little.
 * @returns undefined if the token sees the whole pool
 */
export function whyIncomplete(
  { isInstanceWide, listed, hidden }: Visibility,
  { named, isFound, registers }: PoolRunners,
): string | undefined {
  if (isInstanceWide) return undefined;
  const refused = named.filter((id) => hidden.includes(id));
  if (refused.length > 0) {
    return `GITLAB_TOKEN has no access to runner ${refused.join(", ")} of this pool: ${ROLES}`;
  }
  const unlisted = named.filter((id) => !listed.includes(id));
  if (registers && unlisted.length > 0) {
    return `GITLAB_TOKEN cannot list the runners that the replicas register, such as ${unlisted.join(", ")}: ${ROLES}`;
  }
  if (named.length > 0 || isFound) return undefined;
  return `GITLAB_TOKEN sees nothing of this pool and cannot list all runners of the instance, so the pool's runner may be hidden: ${ROLES}`;
}
