import * as z from "zod/mini";
import { GitlabClient } from "../gitlab/client";
import { GitlabError } from "../gitlab/errors";
import { retrying } from "../gitlab/retrying";
import { listManagers } from "../gitlab/runners";
import type { Remains } from "./plan";

/** Milliseconds in which one thing must be removed, repetitions included. */
const DEADLINE = 30_000;

/** GitLab removes a manager by itself when it has not been heard of for so many days. */
const GITLAB_PATIENCE_DAYS = 7;

/** Who may remove what. */
export interface Access {
  readonly apiUrl: string;
  /** Access token with the scope api. */
  readonly token: string;
  /** Authentication tokens of runners. */
  readonly runnerTokens: readonly string[];
}

/** Removes one thing from GitLab. @returns why it is still there; undefined if it is gone */
export async function removeRemains(remains: Remains, access: Access): Promise<string | undefined> {
  try {
    if (remains.kind === "manager") return await removeManager(remains, access);
    await remove(new GitlabClient(access), `/runners/${remains.runnerId}`, {});
    return undefined;
  } catch (error) {
    if (error instanceof GitlabError) return error.message;
    throw error;
  }
}

/** Asks with each token in turn: with that of another runner GitLab finds no such manager. */
async function removeManager(remains: Remains, access: Access): Promise<string | undefined> {
  const client = new GitlabClient({ apiUrl: access.apiUrl, token: undefined });
  for (const token of access.runnerTokens) {
    await remove(client, "/runners/managers", { token, system_id: remains.systemId });
  }
  // GitLab's list tells, not the answers: one may have been lost on its way.
  const left = await listManagers(
    new GitlabClient(access),
    [remains.runnerId],
    (systemId) => systemId === remains.systemId,
  );
  if (left.length === 0) return undefined;
  return `it takes the authentication token of runner ${remains.runnerId} in RUNNER_CI_TOKEN, or its stack in this folder; GitLab removes it by itself ${GITLAB_PATIENCE_DAYS} days after the last contact`;
}

async function remove(
  client: GitlabClient,
  path: string,
  body: Readonly<Record<string, string>>,
): Promise<void> {
  await retrying(DEADLINE, async () => {
    try {
      await client.call(path, z.unknown(), { method: "DELETE", body });
    } catch (error) {
      const gone = error instanceof GitlabError && error.status === 404;
      // A runner token that GitLab refuses is of a runner that is gone, or expired.
      const refused = error instanceof GitlabError && error.status === 403 && "token" in body;
      if (!gone && !refused) throw error;
    }
  });
}
