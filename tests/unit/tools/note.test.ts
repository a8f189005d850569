import { describe, expect, it } from "@jest/globals";
import { startGitlab, type Fault, type Gitlab } from "../../../fake-gitlab";
import { noteMarker, postNote } from "../../../tools/diff/note";
import { GitlabClient } from "../../../tools/gitlab/client";
import { connect } from "../../../tools/gitlab/connect";

const NOTES = "/projects/:id/merge_requests/:iid/notes";
const MARKER = noteMarker("dev");

interface Setup extends AsyncDisposable {
  readonly gitlab: Gitlab;
  readonly post: (text: string, deadline?: number) => Promise<string>;
  readonly client: GitlabClient;
  /** Notes of the merge request, oldest first. */
  readonly bodies: () => readonly string[];
  readonly add: (body: string) => Promise<void>;
  readonly place: { readonly project: string; readonly iid: string };
  readonly apiUrl: string;
}

async function setUp(scopes: readonly string[] = ["api"]): Promise<Setup> {
  const gitlab = await startGitlab();
  const { token } = await gitlab.createPersonalAccessToken({ scopes: [...scopes] });
  const { projectId, iid } = await gitlab.createMergeRequest({ title: "Scale" });
  const apiUrl = `${gitlab.url}/api/v4`;
  const client = new GitlabClient({ apiUrl, token, transport: connect({}) });
  const place = { project: String(projectId), iid: String(iid) };
  const mergeRequest = gitlab.instance.projects
    .get(projectId)
    ?.mergeRequests.find((one) => one.iid === iid);
  return {
    gitlab,
    client,
    place,
    apiUrl,
    post: (text, deadline) => postNote(client, place, MARKER, text, deadline),
    bodies: () => (mergeRequest?.notes ?? []).map(({ body }) => body),
    add: async (body) => {
      const response = await fetch(`${apiUrl}/projects/${projectId}/merge_requests/${iid}/notes`, {
        method: "POST",
        headers: { "PRIVATE-TOKEN": token, "Content-Type": "application/json" },
        body: JSON.stringify({ body }),
      });
      expect(response.status).toBe(201);
    },
    [Symbol.asyncDispose]: () => gitlab.stop(),
  };
}

async function countOf(gitlab: Gitlab, endpoint: string): Promise<number> {
  const { events } = await gitlab.events({});
  return events.filter((event) => event.kind === "request" && event.endpoint === endpoint).length;
}

describe("the note on a merge request", () => {
  it("is created, then updated in place, and left unchanged if nothing differs", async () => {
    await using setup = await setUp();

    expect(await setup.post("first")).toBe("created");
    expect(await setup.post("second")).toBe("updated");
    expect(await setup.post("second")).toBe("unchanged");
    expect(setup.bodies()).toEqual([`${MARKER}\nsecond`]);
    expect(await countOf(setup.gitlab, `PUT ${NOTES}/:note_id`)).toBe(1);
  });

  it("is found among hundreds of notes, and the notes of users and other stacks are kept", async () => {
    await using setup = await setUp();
    await setup.add(`${noteMarker("dev-2")}\nof another stack`);
    await setup.add(`> ${MARKER}\n> quoted by a person`);
    for (let n = 1; n <= 120; n += 1) await setup.add(`talk ${n}`);
    await setup.post("first");
    for (let n = 1; n <= 120; n += 1) await setup.add(`more talk ${n}`);

    expect(await setup.post("second")).toBe("updated");

    const bodies = setup.bodies();
    expect(bodies).toHaveLength(243);
    expect(bodies.filter((body) => body.includes("second"))).toEqual([`${MARKER}\nsecond`]);
    expect(bodies).toContain(`${noteMarker("dev-2")}\nof another stack`);
  }, 30_000);

  it("stays the only note when pipelines post at the same moment", async () => {
    await using setup = await setUp();
    await setup.gitlab.addFault({ endpoint: `POST ${NOTES}`, action: { kind: "delay", ms: 150 } });

    await Promise.all([setup.post("a"), setup.post("a"), setup.post("a")]);

    expect(setup.bodies()).toEqual([`${MARKER}\na`]);
  });

  it("replaces several earlier notes with one", async () => {
    await using setup = await setUp();
    await setup.add(`${MARKER}\nold`);
    await setup.add(`${MARKER}\nolder pipeline`);

    await setup.post("new");

    expect(setup.bodies()).toEqual([`${MARKER}\nnew`]);
  });

  it("is created beside the notes of another token's bot and of users, which are kept", async () => {
    await using setup = await setUp();
    const { gitlab, post, bodies, place, apiUrl } = setup;
    const roles = [{ projectId: Number(place.project), level: 20 }];
    const bot = async (username: string) => {
      const { token } = await gitlab.createPersonalAccessToken({ username, roles });
      const client = new GitlabClient({ apiUrl, token, transport: connect({}) });
      return (text: string) => postNote(client, place, MARKER, text);
    };
    const [before, now] = [await bot("bot_of_before"), await bot("bot_of_now")];
    await before("old");
    await post("a person's");

    expect(await now("new")).toBe("created");
    expect(await now("newer")).toBe("updated");
    expect(bodies()).toEqual(["old", "a person's", "newer"].map((text) => `${MARKER}\n${text}`));
  });

  const faults: readonly [string, Fault["action"]][] = [
    ["an internal error", { kind: "status", status: 500 }],
    ["a bad gateway in HTML", { kind: "text", text: "<html>", status: 502 }],
    ["HTML where JSON should be", { kind: "text", text: "<html>", status: 200 }],
    ["a rate limit", { kind: "status", status: 429, headers: { "Retry-After": "1" } }],
    ["a cut connection", { kind: "reset" }],
    ["an answer that is lost after GitLab did it", { kind: "drop answer" }],
  ];

  it.each(faults)("is posted exactly once despite %s", async (_, action) => {
    await using setup = await setUp();
    await setup.gitlab.addFault({ endpoint: `POST ${NOTES}`, times: 1, action });
    await setup.gitlab.addFault({ endpoint: `GET ${NOTES}`, times: 1, action });

    await setup.post("text");

    expect(setup.bodies()).toEqual([`${MARKER}\ntext`]);
  });

  it("gives up at the deadline and reports GitLab's response", async () => {
    await using setup = await setUp();
    await setup.gitlab.addFault({ action: { kind: "status", status: 503 } });

    await expect(setup.post("text", 700)).rejects.toThrow(/GET .*notes: GitLab answered 503/);
  });

  it("does not wait for a rate limit beyond the deadline", async () => {
    await using setup = await setUp();
    await setup.gitlab.addFault({
      action: { kind: "status", status: 429, headers: { "Retry-After": "3600" } },
    });
    const start = Date.now();

    await expect(setup.post("text", 2_000)).rejects.toThrow("429");
    expect(Date.now() - start).toBeLessThan(1_500);
  });

  it.each([
    ["a token without the right scope", ["read_user"], "403"],
    ["a token that may only read", ["read_api"], "403"],
  ])("fails at once with %s", async (_, scopes, status) => {
    await using setup = await setUp(scopes);

    await expect(setup.post("text")).rejects.toThrow(`GitLab answered ${status}`);
    expect(setup.bodies()).toEqual([]);
  });

  it("does not send the token to a redirect target", async () => {
    await using setup = await setUp();
    await using other = await setUp();
    await setup.gitlab.addFault({
      action: { kind: "redirect", location: `${other.gitlab.url}/api/v4/version` },
    });

    await expect(setup.post("text")).rejects.toThrow("a redirect to");
    expect((await other.gitlab.events({})).events.filter(({ kind }) => kind === "request")).toEqual(
      [],
    );
  });
});
