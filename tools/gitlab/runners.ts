import * as z from "zod/mini";
import type { GitlabClient } from "./client";
import { isGitlabStatus } from "./errors";
import { withJobs, type Manager } from "./manager-jobs";
import { retrying } from "./retrying";

export type { Manager } from "./manager-jobs";

/** Timeout for one request, including retries. */
const DEADLINE_MS = 20_000;

/** Number of concurrent requests to GitLab. */
const PARALLEL = 6;

const runnerSchema = z.object({
  id: z.int(),
  description: z.nullish(z.string()),
});

const detailsSchema = z.object({ paused: z.nullish(z.boolean()) });

const managerSchema = z.object({
  id: z.int(),
  system_id: z.string(),
  status: z.string(),
  created_at: z.nullish(z.string()),
  contacted_at: z.nullish(z.string()),
  version: z.nullish(z.string()),
  /** `idle` or `active`; undefined in older versions of GitLab. */
  job_execution_status: z.nullish(z.string()),
});

/** A runner in GitLab's list. */
export interface Runner {
  readonly id: number;
  readonly description: string;
}

/** The runners that a token may list. */
export interface RunnerList {
  readonly runners: readonly Runner[];
  /** Whether they are all runners of the instance, as in an administrator's list. */
  readonly isInstanceWide: boolean;
}

/** The managers found for some runners. */
export interface ManagerList {
  readonly managers: readonly Manager[];
  /** Runners whose managers the token may not see. */
  readonly hidden: readonly number[];
}

/**
 * Lists all runners that the token may list: for an administrator all of the instance (with Admin
 * Mode, this requires the scope admin_mode), for others those of their projects and groups.
 */
export async function listRunners(client: GitlabClient): Promise<RunnerList> {
  return retrying(DEADLINE_MS, async () => {
    try {
      return { runners: await read(client, "/runners/all"), isInstanceWide: true };
    } catch (error) {
      if (!isGitlabStatus(error, 403)) throw error;
      return { runners: await read(client, "/runners"), isInstanceWide: false };
    }
  });
}

async function read(client: GitlabClient, path: string): Promise<readonly Runner[]> {
  const runners = await client.list(path, runnerSchema);
  return runners.map(({ id, description }) => ({ id, description: description ?? "" }));
}

/**
 * Finds the managers of some runners whose system ID `isWanted` accepts, with their running jobs.
 */
export async function listManagers(
  client: GitlabClient,
  runnerIds: readonly number[],
  isWanted: (systemId: string) => boolean,
): Promise<ManagerList> {
  const hidden: number[] = [];
  const lists = await mapParallel(runnerIds, async (runnerId) => {
    const managers = await readManagers(client, runnerId);
    if (managers === "hidden") {
      hidden.push(runnerId);
      return [];
    }
    return Promise.all(
      managers
        .filter(({ system_id }) => isWanted(system_id))
        .map((manager) => withJobs(client, runnerId, manager)),
    );
  });
  return { managers: lists.flat(), hidden };
}

/** Selects the paused runners, as far as the token may see them. */
export async function findPaused(
  client: GitlabClient,
  runnerIds: readonly number[],
): Promise<readonly number[]> {
  const paused = await mapParallel(runnerIds, (runnerId) =>
    retrying(DEADLINE_MS, async () => {
      try {
        return (await client.call(`/runners/${runnerId}`, detailsSchema)).paused === true;
      } catch (error) {
        if (isGitlabStatus(error, 403, 404)) return false;
        throw error;
      }
    }),
  );
  return runnerIds.filter((_, i) => paused[i] === true);
}

async function readManagers(
  client: GitlabClient,
  runnerId: number,
): Promise<readonly z.infer<typeof managerSchema>[] | "hidden"> {
  return retrying(DEADLINE_MS, async () => {
    try {
      return await client.call(`/runners/${runnerId}/managers`, z.array(managerSchema));
    } catch (error) {
      // The runner was deleted after the list was read, or after a replica logged it.
      if (isGitlabStatus(error, 404)) return [];
      if (isGitlabStatus(error, 403)) return "hidden";
      throw error;
    }
  });
}

async function mapParallel<T, R>(
  items: readonly T[],
  action: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await action(item);
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return results;
}
