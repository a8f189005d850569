import * as z from "zod/mini";
import type { GitlabClient } from "../gitlab/client";
import { GitlabError } from "../gitlab/errors";
import { retrying } from "../gitlab/retrying";

/** Milliseconds in which a note must be posted, repetitions included. */
const DEADLINE = 60_000;

const noteSchema = z.object({ id: z.int(), body: z.string(), system: z.optional(z.boolean()) });

type Note = z.infer<typeof noteSchema>;

/** The merge request that a note belongs to. */
export interface MergeRequest {
  /** Number of the project, or its path. */
  readonly project: string;
  readonly iid: string;
}

/** What became of the note. */
export type Posted = "created" | "updated" | "unchanged";

/** Marks the one note of a stack; a person does not see it. */
export function noteMarker(stack: string): string {
  return `<!-- gitlab-runner-pool diff: ${stack.replace(/[^\w./-]/g, "_")} -->`;
}

/**
 * Writes the one note of a stack on a merge request: creates it or updates the one that is there. Whatever fails in between, the
 * next attempt looks again first, so that no second note comes to be.
 * @param deadline milliseconds, repetitions included
 * @throws {GitlabError} if GitLab refuses, or is not there until the deadline
 */
export function postNote(
  client: GitlabClient,
  mergeRequest: MergeRequest,
  marker: string,
  text: string,
  deadline: number = DEADLINE,
): Promise<Posted> {
  const path = `/projects/${encodeURIComponent(mergeRequest.project)}/merge_requests/${encodeURIComponent(mergeRequest.iid)}/notes`;
  const notes = new MarkedNotes(client, path, marker);
  return retrying(deadline, () => notes.write(`${marker}\n${text}`));
}

/** The notes of a merge request that carry a marker: one, unless two pipelines posted at the same moment. */
class MarkedNotes {
  constructor(
    private readonly client: GitlabClient,
    private readonly path: string,
    private readonly marker: string,
  ) {}

  async write(body: string): Promise<Posted> {
    const before = await this.find();
    if (before.length === 0) {
      await this.client.call(this.path, noteSchema, { method: "POST", body: { body } });
    }
    // Another pipeline may have posted in the same moment: all keep the oldest note, and the last one's text.
    const [note, ...further] = before.length === 0 ? await this.find() : before;
    for (const { id } of further) await this.remove(id);
    if (note !== undefined && note.body.trim() !== body.trim()) {
      await this.client.call(`${this.path}/${note.id}`, noteSchema, {
        method: "PUT",
        body: { body },
      });
      return "updated";
    }
    return before.length === 0 ? "created" : "unchanged";
  }

  private async find(): Promise<readonly Note[]> {
    // Oldest first: a note that is written meanwhile does not shift the pages.
    const query = { order_by: "created_at", sort: "asc" };
    const notes = await this.client.list(this.path, noteSchema, query);
    return notes.filter(({ body, system }) => system !== true && body.startsWith(this.marker));
  }

  private async remove(id: number): Promise<void> {
    try {
      await this.client.call(`${this.path}/${id}`, z.unknown(), { method: "DELETE" });
    } catch (error) {
      if (!(error instanceof GitlabError) || error.status !== 404) throw error;
    }
  }
}
