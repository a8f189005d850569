import * as z from "zod/mini";
import { parseRegistrationNote } from "../../contract/registration-note";
import type { GitlabClient } from "../gitlab/client";
import { GitlabError } from "../gitlab/errors";
import { retrying } from "../gitlab/retrying";
import type { Runner } from "../gitlab/runners";

/** Milliseconds in which one question must be answered, repetitions included. */
const DEADLINE = 20_000;

const detailsSchema = z.object({
  maintenance_note: z.nullish(z.string()),
  /** Older versions of GitLab do not tell. */
  created_at: z.nullish(z.string()),
  contacted_at: z.nullish(z.string()),
});

/** A runner that a replica registered with a legacy registration token. */
export interface RegisteredRunner {
  readonly id: number;
  /** Of the replica that registered it. */
  readonly systemId: string;
  /** When it was registered and when GitLab last heard of it, in ISO 8601. */
  readonly created: string | undefined;
  readonly contacted: string | undefined;
}

/**
 * The runners that replicas of a pool registered: those whose maintenance note names one of its system IDs.
 * @param mark how the system IDs of the pool's replicas begin
 * @param runners those whose note is to be read
 */
export async function findRegistered(
  client: GitlabClient,
  mark: string,
  runners: readonly Runner[],
): Promise<readonly RegisteredRunner[]> {
  const found: RegisteredRunner[] = [];
  for (const { id } of runners) {
    const details = await readDetails(client, id);
    const systemId = parseRegistrationNote(details?.maintenance_note ?? "");
    if (systemId?.startsWith(mark) !== true) continue;
    found.push({
      id,
      systemId,
      created: details?.created_at ?? undefined,
      contacted: details?.contacted_at ?? undefined,
    });
  }
  return found;
}

async function readDetails(
  client: GitlabClient,
  id: number,
): Promise<z.infer<typeof detailsSchema> | undefined> {
  return retrying(DEADLINE, async () => {
    try {
      return await client.call(`/runners/${id}`, detailsSchema);
    } catch (error) {
      // Gone since the list was read, or not for this token to look into: not ours to remove then.
      if (error instanceof GitlabError && (error.status === 404 || error.status === 403)) {
        return undefined;
      }
      throw error;
    }
  });
}
