import { describe, expect, it } from "@jest/globals";
import * as z from "zod/mini";
import { startGitlab } from "../../../fake-gitlab";
import { readAnswer } from "../../../gitlab-api/call";
import { GitlabClient } from "../../../tools/gitlab/client";
import { connect } from "../../../tools/gitlab/connect";
import { statusError, isGitlabStatus } from "../../../tools/gitlab/errors";

function answered(status: number, body: string, headers: Readonly<Record<string, string>> = {}) {
  const sent = new Headers(headers);
  const header = (name: string) => sent.get(name) ?? undefined;
  return statusError("GET /x", readAnswer({ status, reason: "", header, text: body }, 0));
}

const LIMIT = "This endpoint has been requested too many times. Try again later.";

describe("an error response from GitLab", () => {
  it.each([
    ["one message", { message: "403 Forbidden" }, "403 Forbidden"],
    ["the message of a rate limit", { message: { error: LIMIT } }, LIMIT],
    [
      "validation errors of fields",
      { message: { tags: ["is wrong", "is long"], base: ["x"] } },
      "tags is wrong, is long; x",
    ],
    ["a list of messages", { message: ["one", "two"] }, "one, two"],
    ["a missing parameter", { error: "token is missing" }, "token is missing"],
    ["an OAuth error", { error: "x", error_description: "no scope" }, "no scope"],
    ["control characters", { message: "a\u001b[2J\nb\u202e" }, "a b"],
  ])("is reported with %s", (_, body, words) => {
    expect(answered(400, JSON.stringify(body)).message).toBe(
      `GET /x: GitLab answered 400 (${words})`,
    );
  });

  it("is reported with the plain text of a rate limit, and its Retry-After", () => {
    const headers = { "Content-Type": "text/plain", "Retry-After": "60" };
    const error = answered(429, "Retry later\n", headers);

    expect(error.message).toBe("GET /x: GitLab answered 429 (Retry later); try again in 60 s");
    expect(error).toMatchObject({ temporary: true, retryAfterMs: 60_000 });
  });

  it.each([403, 404])(
    "is not attributed to GitLab if a proxy responds with %d in HTML",
    (status) => {
      const html = answered(status, "<html>blocked</html>", { "Content-Type": "text/html" });
      const json = answered(status, '{"message":"no"}');

      expect([html, json].map((error) => isGitlabStatus(error, 403, 404))).toEqual([false, true]);
      expect(html.message).toContain("is there a proxy in between?");
    },
  );
});

describe("a request of a tool", () => {
  it.each([
    ["an IPv6 address", "::1"],
    ["an IPv4 address", "127.0.0.1"],
  ])("reads all pages of a list from a GitLab below a path on %s", async (_, host) => {
    await using gitlab = await startGitlab({ host });
    gitlab.instance.externalUrl = `${gitlab.url}/gitlab`;
    for (let n = 0; n < 101; n += 1) await gitlab.createRunner({});
    const { token } = await gitlab.createPersonalAccessToken({ scopes: ["api"] });
    const read = (url: string) =>
      new GitlabClient({ apiUrl: `${url}/api/v4`, token, transport: connect({}) }).list(
        "/runners/all",
        z.object({ id: z.int() }),
      );

    expect(await read(`${gitlab.url}/gitlab`)).toHaveLength(101);
    await expect(read(gitlab.url)).rejects.toThrow("404");
  });
});
