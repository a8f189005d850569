import * as z from "zod/mini";
import type { GitlabClient } from "../gitlab/client";
import { isGitlabStatus } from "../gitlab/errors";
import { retrying } from "../gitlab/retrying";

/** Timeout for posting a note, including retries. */
const DEADLINE_MS = 150_000;

const noteSchema = z.object({
  id: z.int(),
  body: z.string(),
  system: z.optional(z.boolean()),
  author: z.nullish(z.object({ id: z.int() })),
});

const userSchema = z.object({ id: z.int() });

type Note = z.infer<typeof noteSchema>;

/** The merge request that a note belongs to. */
export interface MergeRequest {
  /** ID or path of the project. */
  readonly project: string;
  readonly iid: string;
}

/** What happened to the note. */
export type Posted = "created" | "updated" | "unchanged";

/** Marks the note of a stack. GitLab does not display it. */
export function noteMarker(stack: string): string {
  return `<!-- gitlab-runner-pool diff: ${stack.replace(/[^\w./-]/g, "_")} -->`;
}

/**
 * Writes the note of a stack on a merge request: creates it, or updates the existing one. After a
 * failure, the next attempt first looks for the note again, so that no second note is created. It
 * never changes the notes of others, even if they have the same marker: a Reporter may edit neither
 * a user's note nor that of an earlier project access token's bot.
 * @param deadlineMs timeout, including retries
 * @throws {GitlabError} if GitLab rejects the request, or is unavailable until the deadline
 */
export function postNote(
  client: GitlabClient,
  mergeRequest: MergeRequest,
  marker: string,
  text: string,
  deadlineMs: number = DEADLINE_MS,
): Promise<Posted> {
  const path = `/projects/${encodeURIComponent(mergeRequest.project)}/merge_requests/${encodeURIComponent(mergeRequest.iid)}/notes`;
  const notes = new MarkedNotes(client, path, marker);
  return retrying(deadlineMs, () => notes.write(`${marker}\n${text}`));
}

/**
 * Lists this user's notes on a merge request that contain a marker: one, unless two pipelines
 * posted at the same moment.
 */
class MarkedNotes {
  private me: number | undefined;

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
    // Another pipeline may have posted at the same moment. Every pipeline keeps the oldest note,
    // and the last one determines its text.
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
    // Oldest first, so that a new note does not shift the pages.
    const query = { order_by: "created_at", sort: "asc" };
    const notes = await this.client.list(this.path, noteSchema, query);
    const marked = notes.filter(
      ({ body, system }) => system !== true && body.startsWith(this.marker),
    );
    if (marked.length === 0) return [];
    this.me ??= (await this.client.call("/user", userSchema)).id;
    return marked.filter(({ author }) => author?.id === this.me);
  }

  private async remove(id: number): Promise<void> {
    try {
      await this.client.call(`${this.path}/${id}`, z.unknown(), { method: "DELETE" });
    } catch (error) {
      if (!isGitlabStatus(error, 404)) throw error;
    }
  }
}
