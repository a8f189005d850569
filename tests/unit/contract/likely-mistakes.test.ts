import { describe, expect, it } from "@jest/globals";
import { getUrlWarning, isLoopback } from "../../../contract/gitlab-url";
import { readSettings } from "../../../runner-image/src/settings/settings";
import { CONFIG, problemsOf, warningsOf, withConfig } from "../stack/read";

const TOKEN = CONFIG.token;

/** Returns a replica's problem with a variable. */
function inReplica(name: string, text: string): string {
  const env = {
    RUNNER_CI_URL: CONFIG.gitlabUrl,
    RUNNER_CI_TOKEN: TOKEN,
    RUNNER_TOKEN_KIND: "registration",
  };
  return readSettings({ ...env, [name]: text }).problems.join("\n");
}

/** Returns the program's problems with the same value in the stack config and the environment. */
function inProgram(key: string, name: string, text: string): readonly string[] {
  const tokenKind = "registration";
  const [object, part] = key.split(".");
  const config =
    part === undefined ? { [key]: text } : { [object ?? ""]: JSON.stringify({ [part]: text }) };
  return [
    problemsOf(withConfig({ tokenKind, ...config })).join("\n"),
    problemsOf({ ...withConfig({ tokenKind }), env: { [name]: text } }).join("\n"),
  ];
}

const QUOTES = ", not a quoted string (Docker keeps the quotes in an env file: remove them)";
const VARIABLE = ", not an unexpanded variable ($NAME)";
const PATH =
  ", not the path of a file: change the type of the GitLab CI/CD variable from File to Variable";
const API = ", not the address of its API: remove /api/v4";
const PAGE = ", not the address of a project, group or page: remove ";

describe("a common mistake", () => {
  it.each([
    ["runnerName", "RUNNER_NAME", '"my pool"', QUOTES],
    ["runnerName", "RUNNER_NAME", "$RUNNER_NAME", VARIABLE],
    ["runnerName", "RUNNER_NAME", "ci-${CI_ENVIRONMENT_NAME}-", VARIABLE],
    ["tags", "RUNNER_TAGS", '"docker,linux"', QUOTES],
    ["jobImage", "RUNNER_IMAGE", "'ubuntu:24.04'", QUOTES],
    ["jobImage", "RUNNER_IMAGE", "$IMAGE", VARIABLE],
    ["concurrent", "RUNNER_CONCURRENT", '"2"', QUOTES],
    ["executor", "RUNNER_EXECUTOR", '"shell"', QUOTES],
    ["runUntagged", "RUNNER_RUN_UNTAGGED", '"true"', QUOTES],
    ["drainTimeout", "RUNNER_DRAIN_TIMEOUT", "${DRAIN}", VARIABLE],
    ["docker.pullPolicy", "RUNNER_DOCKER_PULL_POLICY", "'always'", QUOTES],
    ["docker.networkMode", "RUNNER_DOCKER_NETWORK_MODE", '"host"', QUOTES],
    ["gitlabUrl", "RUNNER_CI_URL", '"https://gitlab.example.com"', QUOTES],
    ["gitlabUrl", "RUNNER_CI_URL", "$CI_SERVER_URL", VARIABLE],
    ["gitlabUrl", "RUNNER_CI_URL", "https://gitlab.example.com/api/v4", API],
    ["gitlabUrl", "RUNNER_CI_URL", "https://gitlab.example.com/sub/api/v4/", API],
    ["gitlabUrl", "RUNNER_CI_URL", "https://gitlab.example.com/a/b/-/settings/ci_cd", PAGE],
    ["gitlabUrl", "RUNNER_CI_URL", "https://gitlab.example.com/group/project.git", PAGE],
    ["gitlabUrl", "RUNNER_CI_URL", "https://gitlab.example.com/admin/runners", PAGE],
    ["gitlabUrl", "RUNNER_CI_URL", "https://gitlab.com/group/project", `${PAGE}/group/project`],
    ["gitlabUrl", "RUNNER_CI_URL", "gitlab.example.com", "(https:// is missing)"],
    ["gitlabUrl", "RUNNER_CI_URL", "[fd00::1]:8443/", "(https:// is missing)"],
    ["gitlabUrl", "RUNNER_CI_URL", "fd00::1", "must be in brackets: [fd00::1])"],
    ["gitlabUrl", "RUNNER_CI_URL", "https://fd00::1/git", "must be in brackets: [fd00::1])"],
    ["gitlabUrl", "RUNNER_CI_URL", "https://[fe80::1%eth0]", "must not have a zone"],
    ["cloneUrl", "RUNNER_CLONE_URL", "https://fd00::1", "must be in brackets: [fd00::1])"],
    ["token", "RUNNER_CI_TOKEN", `"${TOKEN}"`, QUOTES],
    ["token", "RUNNER_CI_TOKEN", "$RUNNER_CI_TOKEN", VARIABLE],
    ["token", "RUNNER_CI_TOKEN", "${RUNNER_CI_TOKEN}", VARIABLE],
    ["token", "RUNNER_CI_TOKEN", "/builds/group/project.tmp/RUNNER_CI_TOKEN", PATH],
    ["token", "RUNNER_CI_TOKEN", "./secrets/token", PATH],
    ["token", "RUNNER_CI_TOKEN", "C:\\token.txt", PATH],
    [
      "token",
      "RUNNER_CI_TOKEN",
      `RUNNER_CI_TOKEN=${TOKEN}`,
      ", not an assignment, an option or a header: pass only the token",
    ],
    ["token", "RUNNER_CI_TOKEN", "glpat-0123456789abcdef", "project access token (glpat-…)"],
    ["token", "RUNNER_CI_TOKEN", "<your-token>", ", not a placeholder"],
    ["token", "RUNNER_CI_TOKEN", "https://gitlab.example.com", ", not a URL"],
  ])("is named in the message about %s: %s=%s", (key, name, text, words) => {
    for (const problem of [inReplica(name, text), ...inProgram(key, name, text)]) {
      expect(problem).toContain(words);
      if (key === "token") {
        expect(problem).not.toContain(TOKEN);
        expect(problem).not.toContain("tokenKind");
      }
    }
  });

  it.each(["glrt-0123456789", "acme-glrt-0123456789", "YWJjZGVmZ2hpag==", "constructor-token"])(
    "is not found in the token %s",
    (token) => {
      expect(inReplica("RUNNER_CI_TOKEN", token)).toBe("");
    },
  );

  it.each(['say "hi"', "it's", "5$", "a%b", "[x]", "$5 pool", "{{.Slot}}"])(
    "is not found in the runner name %s",
    (name) => {
      expect(inReplica("RUNNER_NAME", name)).toBe("");
    },
  );
});

describe("GitLab's URL", () => {
  it.each([
    ["https://gitlab.example.com/ci", "https://gitlab.example.com"],
    ["https://gitlab.example.com/ci/", "https://gitlab.example.com"],
    ["https://gitlab.example.com/gitlab/ci", "https://gitlab.example.com/gitlab"],
    ["https://gitlab.example.com/cicd", "https://gitlab.example.com/cicd"],
    ["https://gitlab.com/ci", "https://gitlab.com"],
    ["http://ci", "http://ci"],
    ["http://ci:8080/ci//", "http://ci:8080"],
    ["https://[FD00:0:0::1]:443/", "https://[fd00::1]"],
    ["https://[fd00::1]:8443/gitlab/", "https://[fd00::1]:8443/gitlab"],
    [`https://a.example.com/${"/".repeat(60)}x`, `https://a.example.com/${"/".repeat(60)}x`],
  ])("%s is parsed as %s, as in gitlab-runner", (written, read) => {
    const env = { RUNNER_CI_URL: written, RUNNER_CI_TOKEN: TOKEN };
    expect(readSettings(env).settings?.gitlabUrl).toBe(read);
  });

  it.each([
    ["https://gitlab.example.com/group", true],
    ["https://intranet.example.com/group/project", true],
    ["https://intranet.example.com/tools/gitlab", false],
    ["https://gitlab.example.com", false],
  ])("%s causes a warning about its path: %s", (url, doubted) => {
    expect(getUrlWarning(url) !== undefined).toBe(doubted);
    const text = warningsOf(withConfig({ gitlabUrl: url })).join("\n");
    expect(text.includes("remove it unless GitLab is installed under this path")).toBe(doubted);
    const { warnings } = readSettings({ RUNNER_CI_URL: url, RUNNER_CI_TOKEN: TOKEN });
    expect(warnings.join("\n").includes("RUNNER_CI_URL has the path /")).toBe(doubted);
  });

  it.each([
    "http://localhost:8961",
    "http://127.0.0.1",
    "http://127.1",
    "https://[::1]:8443/gitlab",
    "http://[::ffff:127.0.0.1]",
    "http://gitlab.localhost",
    "http://0.0.0.0",
  ])("%s is rejected as a loopback address", (url) => {
    expect(isLoopback(url)).toBe(true);
    expect(problemsOf(withConfig({ gitlabUrl: url }))).toEqual([
      expect.stringContaining(
        "use the host name or address at which the swarm's nodes reach GitLab",
      ),
    ]);
  });

  it.each(["https://localhost.example.com", "https://128.0.0.1", "https://[2001:db8::1]"])(
    "%s is not a loopback address",
    (url) => {
      expect(isLoopback(url)).toBe(false);
    },
  );
});
