import type { Answer, Gitlab } from "./gitlab-api";
import type { ReplicaState } from "./replica-state";

/** What of a replica is in GitLab, and the request that removes it. */
export interface Removal {
  /** In words, such as `manager r_… of runner 12`. */
  readonly thing: string;
  /** What becomes of it if nobody removes it. */
  readonly otherwise: string;
  readonly path: string;
  readonly body: object;
}

/**
 * A replica removes its runner if it registered it itself, else its manager alone, whatever the token's prefix is: the
 * runner is shared by other replicas.
 */
export function removalOf({
  token,
  systemId,
  runnerId,
  ownsRunner,
}: Pick<ReplicaState, "token" | "systemId" | "runnerId" | "ownsRunner">): Removal {
  return ownsRunner
    ? {
        thing: `runner ${runnerId}`,
        otherwise: "remove it there, or by `npm run reap`",
        path: "/runners",
        body: { token },
      }
    : {
        // Before GitLab's answer the runner's number is not known.
        thing: `manager ${systemId}${runnerId === 0 ? "" : ` of runner ${runnerId}`}`,
        otherwise: "remove it there, or GitLab does after 7 days",
        path: "/runners/managers",
        body: { token, system_id: systemId },
      };
}

/** Asks GitLab once. @param timeout milliseconds */
export function askToRemove(
  gitlab: Gitlab,
  { path, body }: Removal,
  timeout: number,
  signal?: AbortSignal,
): Promise<Answer> {
  return gitlab({ method: "DELETE", path, body, timeout, ...(signal && { signal }) });
}

/** Removed; refused because GitLab knows the token no more; or gone already. */
export const GONE = [204, 403, 404];

export function isGone(answer: Answer): boolean {
  return answer.kind === "status" && GONE.includes(answer.status);
}

/** The line that says how GitLab came to have it no more; after a reset of the token GitLab keeps a manager. */
export function describeRemoval({ thing, otherwise }: Removal, answer: Answer): string {
  return answer.kind === "status" && answer.status === 403
    ? `GitLab knows the token no more (${answer.message}): the runner was deleted, or its token reset; if GitLab still has ${thing}, ${otherwise}`
    : thing;
}
