import type { ApiResult, Gitlab } from "./client";
import type { StateFile } from "../system/state-file";

/** What GitLab has of a replica, and the request that deletes it. */
export interface Removal {
  /** Such as `manager r_… of runner 12`. */
  readonly thing: string;
  /** What a user can do if the replica cannot delete it. */
  readonly otherwise: string;
  readonly path: string;
  readonly body: object;
}

const MANAGERS = "/runners/managers";

/**
 * Plans what to delete: the runner if the replica registered it, otherwise only the manager,
 * because other replicas share the runner. The token's prefix does not matter.
 */
export function planRemoval({
  token,
  systemId,
  runnerId,
  ownsRunner,
}: Pick<StateFile, "token" | "systemId" | "runnerId" | "ownsRunner">): Removal {
  return ownsRunner
    ? {
        thing: `runner ${runnerId}`,
        otherwise: "delete it there or with `npm run reap`",
        path: "/runners",
        body: { token },
      }
    : {
        // Before GitLab's response, the runner's ID is unknown.
        thing: `manager ${systemId}${runnerId === 0 ? "" : ` of runner ${runnerId}`}`,
        otherwise: "delete it there, or GitLab does so after 7 days",
        path: MANAGERS,
        body: { token, system_id: systemId },
      };
}

/** Asks GitLab once to delete it. */
export function askToRemove(
  gitlab: Gitlab,
  { path, body }: Removal,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<ApiResult> {
  return gitlab({ method: "DELETE", path, body, timeoutMs, ...(signal && { signal }) });
}

/**
 * Statuses that end the attempts: deleted; rejected, usually because GitLab no longer knows the
 * token; not found.
 */
export const FINAL = [204, 403, 404];

/**
 * Whether GitLab's response proves that it no longer has the manager or runner. A 404 proves it for
 * a manager only. A 403 with another reason, such as a runner without a project, proves nothing.
 */
export function isGone(result: ApiResult, { path }: Removal): boolean {
  if (result.kind !== "status") return false;
  switch (result.status) {
    case 204:
      return true;
    case 403:
      return isUnknownToken(result);
    case 404:
      return path === MANAGERS;
    default:
      return false;
  }
}

/**
 * Whether GitLab does not know the token: it then answers `403 Forbidden`, alone or with a reason
 * about the token.
 */
export function isUnknownToken(result: ApiResult): boolean {
  if (result.kind !== "status" || result.status !== 403) return false;
  const reason = /^403 Forbidden - (.*)$/i.exec(result.message)?.[1];
  return reason === undefined || /token/i.test(reason);
}

/** Describes why GitLab no longer has it. After a reset of the token, GitLab keeps the manager. */
export function describeRemoval({ thing, otherwise }: Removal, result: ApiResult): string {
  return result.kind === "status" && result.status === 403
    ? `GitLab no longer knows the token (${result.message}): the runner was deleted or its token was reset; if GitLab still has ${thing}, ${otherwise}`
    : thing;
}
