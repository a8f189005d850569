import * as z from "zod/mini";
import type { GitlabClient } from "./client";
import { isGitlabStatus } from "./errors";
import { retrying } from "./retrying";

/** Timeout for one request, including retries. */
const DEADLINE_MS = 20_000;

const jobSchema = z.object({ id: z.int() });

/** A runner manager in GitLab. */
export interface Manager {
  readonly runnerId: number;
  readonly systemId: string;
  /** `online`, `offline`, `stale` or `never_contacted`. */
  readonly status: string;
  /** Time of its last contact, in ISO 8601. */
  readonly contacted: string | undefined;
  readonly created: string | undefined;
  /** Its running jobs and those in state canceling; empty if the token may not see them. */
  readonly jobs: readonly number[];
  /**
   * Whether it runs a job, even one that the token may not see; undefined if GitLab neither reports
   * this nor shows a job.
   */
  readonly isBusy?: boolean | undefined;
}

/** A manager in GitLab's list. */
export interface ListedManager {
  readonly system_id: string;
  readonly status: string;
  readonly created_at?: string | null | undefined;
  readonly contacted_at?: string | null | undefined;
  readonly job_execution_status?: string | null | undefined;
}

/**
 * Adds the jobs of a manager if the token may see them, which requires more rights than seeing a
 * manager.
 */
export async function withJobs(
  client: GitlabClient,
  runnerId: number,
  manager: ListedManager,
): Promise<Manager> {
  const { system_id: systemId, job_execution_status: execution } = manager;
  const jobs = execution === "idle" ? [] : await listJobs(client, runnerId, systemId);
  return {
    runnerId,
    systemId,
    status: manager.status,
    contacted: manager.contacted_at ?? undefined,
    created: manager.created_at ?? undefined,
    jobs: jobs ?? [],
    isBusy: execution === "active" || (jobs === undefined ? undefined : jobs.length > 0),
  };
}

/** @returns undefined if the token may not see them */
async function listJobs(
  client: GitlabClient,
  runnerId: number,
  systemId: string,
): Promise<readonly number[] | undefined> {
  const list = (status: string) =>
    retrying(DEADLINE_MS, async () => {
      const query = { status, system_id: systemId };
      return (await client.list(`/runners/${runnerId}/jobs`, jobSchema, query)).map(({ id }) => id);
    });
  try {
    const running = await list("running");
    // A job in state canceling still runs, but is not in the list of running jobs.
    return [...running, ...(await list("canceling").catch(emptyIfUnsupported))];
  } catch (error) {
    if (isGitlabStatus(error, 403)) return undefined;
    // The runner was deleted after its managers were read.
    if (isGitlabStatus(error, 404)) return [];
    throw error;
  }
}

/** Older versions of GitLab reject this status. */
function emptyIfUnsupported(error: unknown): readonly number[] {
  if (isGitlabStatus(error, 400)) return [];
  throw error;
}
