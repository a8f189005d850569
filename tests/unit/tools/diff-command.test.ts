import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { startGitlab } from "../../../fake-gitlab";
import { runDiff } from "../../../tools/diff/command";
import { memoryIo } from "../../support/memory-io";

const FIXTURE = resolve(__dirname, "../../fixtures/previews/replicas-up.json");

function withDiagnostic(severity: string, message: string): string {
  const preview = JSON.parse(readFileSync(FIXTURE, "utf8")) as object;
  return JSON.stringify({ ...preview, diagnostics: [{ severity, message }] });
}

describe("npm run diff", () => {
  it("prints the comment on a recorded preview", async () => {
    const io = memoryIo();

    expect(await runDiff([FIXTURE], io)).toBe(0);
    expect(io.printed()).toContain("- replicas: 2 → 4");
    expect(io.complained()).toBe("");
  });

  it("posts the comment in a merge request pipeline, and reports that", async () => {
    await using gitlab = await startGitlab();
    const { token } = await gitlab.createPersonalAccessToken({});
    const { projectId, iid } = await gitlab.createMergeRequest({ title: "Scale" });
    const env = {
      CI_API_V4_URL: `${gitlab.url}/api/v4`,
      CI_PROJECT_ID: String(projectId),
      CI_MERGE_REQUEST_IID: String(iid),
    };

    const without = memoryIo(env);
    expect(await runDiff([FIXTURE], without)).toBe(0);
    expect(without.complained()).toContain("no note posted: GITLAB_TOKEN is not set");

    const printing = memoryIo({ ...env, GITLAB_TOKEN: token });
    expect(await runDiff([FIXTURE, "--no-post"], printing)).toBe(0);

    const posting = memoryIo({ ...env, GITLAB_TOKEN: token });
    expect(await runDiff([FIXTURE], posting)).toBe(0);
    expect(posting.complained()).toBe(`note on merge request !${iid}: created\n`);
    const notes = gitlab.instance.projects.get(projectId)?.mergeRequests[0]?.notes ?? [];
    expect(notes.map(({ body }) => body)).toEqual([
      `<!-- gitlab-runner-pool diff: dev -->\n${posting.printed()}`,
    ]);
  });

  it("still prints the comment if GitLab rejects the note, and fails", async () => {
    await using gitlab = await startGitlab();
    const io = memoryIo({
      CI_API_V4_URL: `${gitlab.url}/api/v4`,
      CI_PROJECT_ID: "1",
      CI_MERGE_REQUEST_IID: "1",
      GITLAB_TOKEN: "glpat-wrongwrongwrong",
    });

    expect(await runDiff([FIXTURE], io)).toBe(2);
    expect(io.printed()).toContain("- replicas: 2 → 4");
    expect(io.complained()).toContain("GitLab answered 401");
    expect(io.complained()).not.toContain("glpat-");
  });

  it("reports a failed preview without the resources that it did not reach", async () => {
    const io = memoryIo({}, withDiagnostic("error", "error: `token` is missing\n"));

    expect(await runDiff(["-"], io)).toBe(1);
    expect(io.printed()).toContain("The preview failed");
    expect(io.printed()).toContain("- error: `` `token` is missing ``");
    expect(io.printed()).not.toContain("replicas");
  });

  it("redacts secrets in messages, and escapes quick actions", async () => {
    const message = `denied for glrt-t1_abcdef123456 with pa55word!\n/close`;
    const io = memoryIo({ REGISTRY_PASSWORD: "pa55word!" }, withDiagnostic("warning", message));

    await runDiff(["-"], io);

    expect(io.printed()).toContain("- warning: `denied for [secret] with [secret] /close`");
  });

  it.each([
    ["is longer than what is shown", `correct-horse-${"battery-".repeat(40)}`],
    ["has blanks in a row", "two  spaces   here"],
    ["has several lines", "-----BEGIN KEY-----\nabcdef\nghijkl\n-----END KEY-----"],
  ])("redacts every part of a secret that %s, in messages and values", async (_, secret) => {
    const image = `job:1 ${secret}`;
    const preview = JSON.parse(
      readFileSync(FIXTURE.replace("replicas-up", "jobImage"), "utf8").replaceAll(
        "alpine:3.22",
        JSON.stringify(JSON.stringify(image).slice(1, -1)).slice(1, -1),
      ),
    ) as object;
    const diagnostics = [{ severity: "error", message: `denied: ${secret}` }];
    for (const text of [JSON.stringify(preview), JSON.stringify({ ...preview, diagnostics })]) {
      const io = memoryIo({ MY_PASSWORD: secret }, text);
      await runDiff(["-"], io);

      for (const piece of secret.split(/\s+/)) {
        expect(io.printed()).not.toContain(piece.slice(0, 12));
      }
      expect(io.printed()).toContain("[secret]");
    }
  });

  it("does not send a token that belongs to another GitLab", async () => {
    await using gitlab = await startGitlab();
    const { token } = await gitlab.createPersonalAccessToken({});
    const env = { CI_PROJECT_ID: "1", CI_MERGE_REQUEST_IID: "1", GITLAB_TOKEN: token };
    const home = { GITLAB_BASE_URL: "https://elsewhere.example.com/api/v4/" };
    const io = memoryIo({ ...env, ...home, CI_API_V4_URL: `${gitlab.url}/api/v4` });

    expect(await runDiff([FIXTURE], io)).toBe(0);
    expect(io.complained()).toContain("no note posted: GITLAB_TOKEN belongs to https://elsewhere");
    expect((await gitlab.events({})).events).toEqual([]);
  });

  it("rejects input that is not a preview", async () => {
    const io = memoryIo({}, "Previewing update (dev)");

    expect(await runDiff(["-"], io)).toBe(2);
    expect(io.complained()).toContain("not the output of `pulumi preview --json`");
  });

  it("reports that pulumi is missing", async () => {
    const io = memoryIo({ PATH: "/nonexistent" });

    expect(await runDiff([], io)).toBe(2);
    expect(io.complained()).toContain("is it installed and on PATH?");
  });

  it("rejects an unknown option", async () => {
    const io = memoryIo();

    expect(await runDiff(["--colour"], io)).toBe(2);
    expect(io.complained()).toContain("unknown option '--colour'");
  });
});
