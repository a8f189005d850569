import { describe, expect, it } from "@jest/globals";
import { whyTokenNotSent } from "../../../tools/gitlab/token-scope";

const [A, B] = ["https://a.example.com", "https://b.example.com"];

describe("GITLAB_TOKEN", () => {
  it.each([
    ["all pools are there", {}, [A, A]],
    ["RUNNER_CI_URL names it", { RUNNER_CI_URL: `${A}/` }, [A, B]],
    ["GITLAB_BASE_URL names it", { GITLAB_BASE_URL: `${A}/api/v4/` }, [A, B]],
  ])("is sent to a GitLab if %s", (_what, env, urls) => {
    expect(whyTokenNotSent(env, A, urls)).toBeUndefined();
  });

  it("is sent to a GitLab on IPv6, however its URL is written, but not to one at another path", () => {
    const [url, home] = ["https://[fd00::1]/gitlab", "https://[FD00:0::1]:443/gitlab/api/v4/"];
    expect(whyTokenNotSent({ GITLAB_BASE_URL: home }, url, [url])).toBeUndefined();
    expect(whyTokenNotSent({ RUNNER_CI_URL: "https://[fd00::1]" }, url, [url])).toBe(
      `GITLAB_TOKEN belongs to https://[fd00::1] and will not be sent to ${url}`,
    );
  });

  it.each([
    [
      "it is of another",
      { RUNNER_CI_URL: B },
      [A],
      `GITLAB_TOKEN belongs to ${B} and will not be sent to ${A}`,
    ],
    [
      "it may be of another",
      { RUNNER_CI_URL: "" },
      [A, B],
      `several GitLab instances (${A}, ${B})`,
    ],
  ])("is not sent if %s", (_what, env, urls, reason) => {
    expect(whyTokenNotSent(env, A, urls)).toContain(reason);
  });
});
