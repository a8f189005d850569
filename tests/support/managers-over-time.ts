import type { Gitlab } from "../../local/gitlab";

/**
 * The most managers that GitLab showed at once.
 * @param since sequence number of the last event before
 * @param before system IDs of the managers that there were then
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
