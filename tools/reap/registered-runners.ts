import * as z from "zod/mini";
import {
  parseRegistrationNote,
  parseRegistrationServiceId,
} from "../../contract/registration-note";
import type { GitlabClient } from "../gitlab/client";
import { isGitlabStatus } from "../gitlab/errors";
import { retrying } from "../gitlab/retrying";

/** Timeout for one request, including retries. */
const DEADLINE_MS = 20_000;

const detailsSchema = z.object({
  maintenance_note: z.nullish(z.string()),
  /** Undefined in older versions of GitLab. */
  created_at: z.nullish(z.string()),
  contacted_at: z.nullish(z.string()),
});

/** A runner that a replica registered with a legacy registration token. */
export interface RegisteredRunner {
  readonly id: number;
  /** System ID of the replica that registered it. */
  readonly systemId: string;
  /** ID of that replica's service; undefined if its note does not contain it. */
  readonly serviceId?: string | undefined;
  /** When it was registered, and its last contact, in ISO 8601. */
  readonly created: string | undefined;
  readonly contacted: string | undefined;
}

/**
 * Finds the runners that replicas of a pool registered: their maintenance note contains one of the
 * pool's system IDs.
 * @param systemIdPrefix prefix of the system IDs of the pool's replicas
 * @param runnerIds runners whose note is read
 */
export async function findRegistered(
  client: GitlabClient,
  systemIdPrefix: string,
  runnerIds: readonly number[],
): Promise<readonly RegisteredRunner[]> {
  const found: RegisteredRunner[] = [];
  for (const id of runnerIds) {
    const details = await readDetails(client, id);
    const note = details?.maintenance_note ?? "";
    const systemId = parseRegistrationNote(note);
    if (systemId?.startsWith(systemIdPrefix) !== true) continue;
    found.push({
      id,
      systemId,
      serviceId: parseRegistrationServiceId(note),
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
  return retrying(DEADLINE_MS, async () => {
    try {
      return await client.call(`/runners/${id}`, detailsSchema);
    } catch (error) {
      // The runner was deleted after the list was read, or the token may not see it. In both cases
      // it must not be removed.
      if (isGitlabStatus(error, 403, 404)) return undefined;
      throw error;
    }
  });
}
