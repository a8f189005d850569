import * as z from "zod/mini";
import type { GitlabClient } from "./client";
import { GitlabError } from "./errors";
import { retrying } from "./retrying";

/** Milliseconds in which one question must be answered, repetitions included. */
const DEADLINE = 20_000;

/** Questions to GitLab at once. */
const PARALLEL = 6;

const runnerSchema = z.object({
  id: z.int(),
  description: z.nullish(z.string()),
  runner_type: z.optional(z.string()),
});

const managerSchema = z.object({
  id: z.int(),
  system_id: z.string(),
  status: z.string(),
  created_at: z.nullish(z.string()),
  contacted_at: z.nullish(z.string()),
  version: z.nullish(z.string()),
  /** `idle` or `active`; older versions of GitLab do not tell. */
  job_execution_status: z.nullish(z.string()),
});

const jobSchema = z.object({ id: z.int() });

/** A runner of GitLab, as its list shows it. */
export interface Runner {
  readonly id: number;
  readonly description: string;
}

/** A process that polls with a runner's token, as GitLab knows it. */
export interface Manager {
  readonly runnerId: number;
  readonly systemId: string;
  /** `online`, `offline`, `stale` or `never_contacted`. */
  readonly status: string;
  /** When GitLab last heard of it, in ISO 8601. */
  readonly contacted: string | undefined;
  readonly created: string | undefined;
  /** Jobs that it runs. */
  readonly jobs: readonly number[];
}

/** All runners that the token may see: of an administrator all of the instance. */
export async function listRunners(client: GitlabClient): Promise<readonly Runner[]> {
  const runners = await retrying(DEADLINE, async () => {
    try {
      return await client.list("/runners/all", runnerSchema);
    } catch (error) {
      if (error instanceof GitlabError && error.status === 403) {
        return client.list("/runners", runnerSchema);
      }
      throw error;
    }
  });
  return runners.map(({ id, description }) => ({ id, description: description ?? "" }));
}

/** The managers of some runners whose system ID `wanted` wants, with the jobs that they run. */
export async function listManagers(
  client: GitlabClient,
  runnerIds: readonly number[],
  wanted: (systemId: string) => boolean,
): Promise<readonly Manager[]> {
  const lists = await mapParallel(runnerIds, async (runnerId) => {
    const managers = await managersOf(client, runnerId);
    return Promise.all(
      managers
        .filter(({ system_id }) => wanted(system_id))
        .map((manager) => withJobs(client, runnerId, manager)),
    );
  });
  return lists.flat();
}

async function managersOf(
  client: GitlabClient,
  runnerId: number,
): Promise<readonly z.infer<typeof managerSchema>[]> {
  return retrying(DEADLINE, async () => {
    try {
      return await client.call(`/runners/${runnerId}/managers`, z.array(managerSchema));
    } catch (error) {
      // Deleted since the list was read, or of somebody whose runners this token may list but not look into.
      if (error instanceof GitlabError && (error.status === 404 || error.status === 403)) return [];
      throw error;
    }
  });
}

async function withJobs(
  client: GitlabClient,
  runnerId: number,
  manager: z.infer<typeof managerSchema>,
): Promise<Manager> {
  const { system_id: systemId, job_execution_status: execution } = manager;
  const query = { status: "running", system_id: systemId };
  const jobs =
    execution === "idle"
      ? []
      : await retrying(DEADLINE, () => client.list(`/runners/${runnerId}/jobs`, jobSchema, query));
  return {
    runnerId,
    systemId,
    status: manager.status,
    contacted: manager.contacted_at ?? undefined,
    created: manager.created_at ?? undefined,
    jobs: jobs.map(({ id }) => id),
  };
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
