import { describe, expect, it } from "@jest/globals";
import { startGitlab, type Gitlab } from "../../../fake-gitlab";

async function runningJob(
  gitlab: Gitlab,
  project = "ci/demo",
): Promise<{ id: number; token: string }> {
  const { token } = await gitlab.createRunner({});
  await gitlab.createProject({ path: project });
  await gitlab.enqueueJob({ project, script: ["true"] });
  const body = JSON.stringify({ token, system_id: "r_000000000001" });
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(`${gitlab.url}/api/v4/jobs/request`, {
    method: "POST",
    headers,
    body,
  });
  return (await response.json()) as { id: number; token: string };
}

function upload(gitlab: Gitlab, id: number, token: string, content: string): Promise<Response> {
  const body = new FormData();
  body.append("file", new Blob([content]), "artifacts.zip");
  const url = `${gitlab.url}/api/v4/jobs/${id}/artifacts?artifact_format=zip&artifact_type=archive`;
  return fetch(url, { method: "POST", headers: { "JOB-TOKEN": token }, body });
}

function download(gitlab: Gitlab, id: number, token: string): Promise<Response> {
  const headers = { "JOB-TOKEN": token };
  return fetch(`${gitlab.url}/api/v4/jobs/${id}/artifacts?direct_download=true`, { headers });
}

describe("artifacts", () => {
  it("can be uploaded and read with the job's token", async () => {
    await using gitlab = await startGitlab();
    const job = await runningJob(gitlab);
    expect((await upload(gitlab, job.id, job.token, "content")).status).toBe(201);
    const answer = await download(gitlab, job.id, job.token);
    expect([answer.status, await answer.text()]).toEqual([200, "content"]);
    expect((await gitlab.job({ id: job.id })).artifacts).toEqual([
      { filename: "artifacts.zip", type: "archive", size: 7 },
    ]);
  });

  it("can be read only by a running job of the same project", async () => {
    await using gitlab = await startGitlab();
    const job = await runningJob(gitlab);
    await upload(gitlab, job.id, job.token, "content");
    const same = await runningJob(gitlab);
    const other = await runningJob(gitlab, "x/y");
    const status = async (token: string): Promise<number> =>
      (await download(gitlab, job.id, token)).status;
    expect(await status(same.token)).toBe(200);
    expect(await status(other.token)).toBe(403);
    expect(await status("glcbt-unknown")).toBe(401);
    expect((await download(gitlab, same.id, same.token)).status).toBe(404);
  });

  it("are rejected above the size limit, without a file, and after the job has ended", async () => {
    await using gitlab = await startGitlab({ switches: { artifactSizeLimit: 4 } });
    const job = await runningJob(gitlab);
    expect((await upload(gitlab, job.id, job.token, "content")).status).toBe(413);
    const url = `${gitlab.url}/api/v4/jobs/${job.id}/artifacts`;
    const empty = await fetch(url, { method: "POST", headers: { "JOB-TOKEN": job.token } });
    expect([empty.status, await empty.json()]).toEqual([
      400,
      { message: "400 Bad request - Missing artifacts file!" },
    ]);
    await gitlab.cancelJob({ id: job.id, force: true });
    expect((await upload(gitlab, job.id, job.token, "x")).status).toBe(403);
  });
});
