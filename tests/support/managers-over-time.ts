import type { Gitlab } from "../../fake-gitlab";

/**
 * Counts the most managers that GitLab had at the same time.
 * @param since sequence number of the last earlier event
 * @param before system IDs of the managers at that time
 */
export async function mostManagersSince(
  gitlab: Gitlab,
  since: number,
  before: readonly string[],
): Promise<number> {
  const alive = new Set(before);
  let most = alive.size;
  for (const event of (await gitlab.events({ after: since })).events) {
    if (event.kind !== "manager") continue;
    if (event.change === "created") alive.add(event.systemId);
    else alive.delete(event.systemId);
    most = Math.max(most, alive.size);
  }
  return most;
}
