import { describe, expect, it } from "@jest/globals";
import type { Page } from "playwright-core";
import { type Gitlab, startGitlab } from "../../fake-gitlab";
import { startBrowser, type TestBrowser } from "../support/browser";
import { FakeRunner } from "../support/fake-runner";

const SYSTEM_ID = "r_Ab3dEf6hIj9k";

interface OpenPage extends AsyncDisposable {
  readonly gitlab: Gitlab;
  readonly page: Page;
  readonly runner: FakeRunner;
  readonly token: string;
  /** Errors and console output of the page's scripts. */
  readonly complaints: readonly string[];
}

async function openPage(width = 1280): Promise<OpenPage> {
  const gitlab = await startGitlab({ switches: { longPollSeconds: 0 } });
  const { token } = await gitlab.createRunner({ description: "pool", tags: ["docker"] });
  const { browser, ...rest }: TestBrowser = await startBrowser();
  const page = await browser.newPage({ viewport: { width, height: 800 } });
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => complaints.push(message.text()));
  await page.goto(gitlab.url);
  await page.getByRole("status").getByText("live").waitFor();
  return {
    gitlab,
    page,
    token,
    runner: new FakeRunner(gitlab.url, token, SYSTEM_ID),
    complaints,
    async [Symbol.asyncDispose]() {
      await rest[Symbol.asyncDispose]();
      await gitlab.stop();
    },
  };
}

/** Queues a job and assigns it to the runner. */
async function runJob(
  { gitlab, runner }: OpenPage,
  name: string,
): Promise<NonNullable<Awaited<ReturnType<FakeRunner["poll"]>>>> {
  await gitlab.enqueueJob({ name, script: ["true"] });
  const job = await runner.poll();
  if (job === undefined) throw new Error(`the runner was not given job "${name}"`);
  return job;
}

describe("the page of the fake GitLab", () => {
  it("shows empty states, then each runner, manager and job when it appears", async () => {
    await using open = await openPage();
    const { page } = open;
    await page.getByText("No jobs yet").waitFor();
    await page.getByText("No managers: no process uses its token.").waitFor();
    const job = await runJob(open, "build");
    const manager = page.getByRole("row", { name: SYSTEM_ID }).first();
    await manager.getByText("online").waitFor();
    await manager.getByText(`#${job.id}`).waitFor();
    const row = page.getByRole("row", { name: `#${job.id} build` });
    await row.getByText("running").waitFor();
    await job.finish("failed", "script_failure");
    await row.getByText("script failure").waitFor();
    await manager.getByText("idle").waitFor();
    expect(open.complaints).toEqual([]);
  });

  it("follows the log of the selected job live", async () => {
    await using open = await openPage();
    const { page } = open;
    const job = await runJob(open, "build");
    await page.getByRole("button", { name: `#${job.id} build` }).click();
    await page.getByText("No output yet").waitFor();
    const log = page.getByLabel("Log of the selected job");
    for (const line of ["first line", "second line"]) {
      await job.write(`${line}\n`);
      await log.getByText(line).waitFor();
    }
    await job.finish("success");
    await page.getByText(/^success · /).waitFor();
    expect(await log.textContent()).toBe("first line\nsecond line\n");
    expect(open.complaints).toEqual([]);
  });

  it("shows markup and scripts in names and logs as text", async () => {
    await using open = await openPage();
    const { page } = open;
    const attack = `<img src=x onerror="window.hit=1"><script>window.hit=1</script>`;
    const job = await runJob(open, attack);
    await page.getByRole("button", { name: attack }).click();
    await job.write(`${attack}\n`);
    await page.getByLabel("Log of the selected job").getByText(attack).waitFor();
    expect(await page.evaluate("window.hit")).toBeUndefined();
    expect(await page.locator("#jobs img, #log-text img, #jobs script").count()).toBe(0);
  });

  it("never shows a token", async () => {
    await using open = await openPage();
    const { page, token } = open;
    await runJob(open, "build");
    await page.getByRole("row", { name: "#1 build" }).waitFor();
    expect(await page.content()).not.toContain(token);
    const feed = await page.evaluate(
      `new Promise((done) => { const feed = new EventSource("/-/fake-gitlab/feed"); feed.addEventListener("state", ({ data }) => { feed.close(); done(data); }); })`,
    );
    expect(feed).toContain(SYSTEM_ID);
    for (const secret of [token, "glcbt-", "glrt-", "igest"]) expect(feed).not.toContain(secret);
  });

  it("shows that the connection is lost, and continues when it is back", async () => {
    await using open = await openPage();
    const { gitlab, page } = open;
    const port = Number(new URL(gitlab.url).port);
    await gitlab.stop();
    await page.getByText("The connection is lost.").waitFor();
    await using back = await startGitlab({ port });
    await back.createRunner({ description: "after the restart" });
    await page.getByText("after the restart").waitFor();
    await page.getByRole("status").getByText("live").waitFor();
    await page.getByText("The connection is lost.").waitFor({ state: "hidden" });
  });

  it.each([320, 620, 1080, 1600])("does not overflow at a width of %d", async (width) => {
    await using open = await openPage(width);
    const { page } = open;
    const job = await runJob(open, "a-name-without-any-break-".repeat(8));
    await page.getByRole("button", { name: "a-name-without" }).click();
    await job.write(`${"x".repeat(400)}\n`);
    await page.getByLabel("Log of the selected job").getByText("xxxx").waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
  });
});
