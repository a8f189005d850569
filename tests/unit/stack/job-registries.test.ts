import { describe, expect, it } from "@jest/globals";
import { problemsOf, settingsOf, withConfig } from "./read";

const LOGIN = { username: "ci", password: "correct-horse" };
const inConfig = (value: unknown, more: Record<string, string> = {}) =>
  problemsOf(
    withConfig({
      jobRegistries: typeof value === "string" ? value : JSON.stringify(value),
      ...more,
    }),
  );

describe("jobRegistries in the stack config", () => {
  it("reports each invalid registry once, with what to write, and never a password", () => {
    expect(
      inConfig({
        "registry.example.com/group": LOGIN,
        "https://other.example.com": LOGIN,
        "a.example.com": { ...LOGIN, username: "" },
        "b.example.com": { ...LOGIN, password: "" },
        "c.example.com": "ci:correct-horse",
      }),
    ).toEqual([
      '`jobRegistries` must name each registry by its HOST[:PORT], and "registry.example.com/group" has a path: write registry.example.com',
      '`jobRegistries` must name each registry by its HOST[:PORT], and "https://other.example.com" has a scheme: write other.example.com',
      '`jobRegistries` has an invalid username for "a.example.com", which must be 1 to 255 printable ASCII characters: set another',
      '`jobRegistries` has an invalid password for "b.example.com", which must not be empty: set another',
      '`jobRegistries` must have a username and a password for "c.example.com": write {"username": "ci", "password": "…"}',
    ]);
  });

  it("does not show a text that is not JSON", () => {
    expect(
      inConfig('{"registry.example.com": {"username": "ci", "password": "correct-horse'),
    ).toEqual([
      '`jobRegistries` must map hosts to logins, such as {"registry.example.com": {"username": "ci", "password": "…"}}, or be the text of a docker config.json; it is not JSON: correct it with `pulumi config set --secret jobRegistries …`',
    ]);
  });

  it("requires the docker executor", () => {
    expect(inConfig({ "registry.example.com": LOGIN }, { executor: "shell" })).toEqual([
      "`jobRegistries` requires the docker executor, but `executor` is shell: unset one of them",
    ]);
  });

  it("is inherited by an additional pool, unless that sets it to null", () => {
    const jobRegistries = JSON.stringify({ "registry.example.com": LOGIN });
    const pools = JSON.stringify({
      own: { token: "glrt-another-token-of-a-runner", jobRegistries: null },
      same: { token: "glrt-a-third-token-of-a-runner" },
    });
    const { additionalPools } = settingsOf(withConfig({ jobRegistries, pools }));
    expect(additionalPools.map(({ args }) => args.jobRegistries)).toEqual([
      undefined,
      { "registry.example.com": LOGIN },
    ]);
  });
});

describe("a setting that belongs to the engine or has another name", () => {
  it.each([
    [
      "docker.registryMirror",
      { docker: '{"registryMirror":"https://mirror.example.com"}' },
      "a registry mirror is set in the engine: set `registry-mirrors` in /etc/docker/daemon.json on each node (docs/registries.md)",
    ],
    [
      "dockerAuthConfig",
      { dockerAuthConfig: "{}" },
      "set `jobRegistries` to the logins for the images of jobs (docs/registries.md)",
    ],
  ])("%s is explained", (name, config: Record<string, string>, where) => {
    expect(problemsOf(withConfig(config))).toEqual([`\`${name}\` is not a setting: ${where}`]);
  });
});
