import * as z from "zod/mini";
import type { Transport } from "../../gitlab-api/call";
import { GitlabClient } from "../gitlab/client";
import { GitlabError, isGitlabStatus } from "../gitlab/errors";
import { retrying } from "../gitlab/retrying";
import { listManagers } from "../gitlab/runners";
import type { StaleEntry } from "./plan";

/** Timeout for one removal, including retries. */
const DEADLINE_MS = 90_000;

/** Days without contact after which GitLab itself removes a manager. */
const GITLAB_PATIENCE_DAYS = 7;

/** The credentials for removals. */
export interface Access {
  readonly apiUrl: string;
  /** Access token with the scope api. */
  readonly token: string;
  /** Authentication tokens of this GitLab's runners. */
  readonly runnerTokens: readonly string[];
  readonly transport: Transport;
}

/**
 * Removes one entry from GitLab.
 * @returns why it still exists; undefined if it was removed
 */
export async function removeEntry(entry: StaleEntry, access: Access): Promise<string | undefined> {
  try {
    if (entry.kind === "manager") return await removeManager(entry, access);
    await remove(new GitlabClient(access), `/runners/${entry.runnerId}`, {});
    return undefined;
  } catch (error) {
    if (error instanceof GitlabError) return error.message;
    throw error;
  }
}

/** Tries each token in turn: with the token of another runner, GitLab does not find the manager. */
async function removeManager(entry: StaleEntry, access: Access): Promise<string | undefined> {
  const client = new GitlabClient({ ...access, token: undefined });
  for (const token of access.runnerTokens) {
    await remove(client, "/runners/managers", { token, system_id: entry.systemId });
  }
  // Checks GitLab's list instead of the responses, because a response may have been lost.
  const { managers: left } = await listManagers(
    new GitlabClient(access),
    [entry.runnerId],
    (systemId) => systemId === entry.systemId,
  );
  if (left.length === 0) return undefined;
  return `deleting it takes the authentication token of runner ${entry.runnerId}: set RUNNER_CI_TOKEN, or run the command in the folder of its Pulumi stack; otherwise GitLab deletes it ${GITLAB_PATIENCE_DAYS} days after its last contact`;
}

async function remove(
  client: GitlabClient,
  path: string,
  body: Readonly<Record<string, string>>,
): Promise<void> {
  await retrying(DEADLINE_MS, async () => {
    try {
      await client.call(path, z.unknown(), { method: "DELETE", body });
    } catch (error) {
      const isGone = isGitlabStatus(error, 404);
      // GitLab rejects a runner token if it has expired or its runner was deleted.
      const isRefused = isGitlabStatus(error, 403) && "token" in body;
      if (!isGone && !isRefused) throw error;
    }
  });
}
