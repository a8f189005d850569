import { describe, expect, it } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { RunnerPool, type RunnerPoolArgs } from "../../../components/pool/runner-pool";
import { parseOutputValue } from "../../../components/settings/output-value";
import { checkRules } from "../../../contract/settings/rules/all";
import { declare, inputsOf } from "../../support/mocks";
import { problemsOf, settingsOf, warningsOf, withConfig } from "./read";

const SECRET = "http://ci:hunter2%24pass@proxy.example.com:3128";
const PLAIN = "http://proxy.example.com:3128";

const withProxy = (proxy: object) => withConfig({ proxy: JSON.stringify(proxy) });

const ARGS: RunnerPoolArgs = {
  gitlabUrl: "https://gitlab.example.com",
  token: "glrt-a-token-of-a-runner",
  image: "registry.example.com/ci/runner:1@sha256:abc",
  onlineTimeout: "0s",
};

/** Declares a pool. Returns the variables of its replicas, and the names of its swarm secrets. */
async function deploy(proxy: RunnerPoolArgs["proxy"]) {
  const declared = await declare(() => ({
    pool: new RunnerPool("ci", { ...ARGS, proxy }).service,
  }));
  const { taskSpec } = inputsOf(declared, "docker:index/service:Service::ci-service") as {
    taskSpec: { containerSpec: { env: Record<string, string> } };
  };
  const settings = JSON.parse(taskSpec.containerSpec.env["RUNNER_SETTINGS"] ?? "") as object;
  return {
    variables: Object.entries(settings).filter(([name]) => name.startsWith("RUNNER_PROXY_")),
    secrets: declared.flatMap(({ what }) => /Secret::ci-(proxy.*)/.exec(what)?.[1] ?? []),
    others: JSON.stringify(declared.filter(({ what }) => !what.includes("secret:Secret"))),
  };
}

describe("the URL of a proxy", () => {
  it("is readable in the service if it has no user", async () => {
    expect(await deploy({ http: PLAIN, noProxy: ["docker"], jobs: false })).toMatchObject({
      variables: [
        ["RUNNER_PROXY_HTTP", PLAIN],
        ["RUNNER_PROXY_NO_PROXY", "docker"],
        ["RUNNER_PROXY_JOBS", "false"],
      ],
      secrets: [],
    });
  });

  it.each([
    ["has a user", SECRET],
    ["is an output", pulumi.output(PLAIN)],
    ["is a Pulumi secret", pulumi.secret(SECRET)],
  ])("is a swarm secret if it %s", async (_title, https) => {
    const { variables, secrets, others } = await deploy({ http: PLAIN, https });
    expect(variables).toEqual([
      ["RUNNER_PROXY_HTTPS_FILE", "/run/secrets/gitlab-runner-proxy-https"],
      ["RUNNER_PROXY_HTTP", PLAIN],
    ]);
    expect(secrets).toEqual(["proxy-https"]);
    expect(others).not.toMatch(/hunter2|ci:/);
  });

  it("is reported if the stack config contains it with a user in readable form", () => {
    const warnings = (proxy: object, secretKeys: readonly string[]) =>
      settingsOf({ ...withProxy(proxy), secretKeys: ["token", ...secretKeys] }).warnings;
    expect(warnings({ http: PLAIN, https: SECRET }, [])).toEqual([
      "`proxy.https` is a secret, but the stack config contains it in readable form: encrypt it with `pulumi config set --secret --path proxy.https …`.",
    ]);
    expect(warnings({ http: PLAIN, https: SECRET }, ["proxy"])).toEqual([]);
    expect(warnings({ https: PLAIN }, [])).toEqual([]);
  });

  it("is corrected with a command that encrypts it if it has a user", () => {
    const command = (http: string) => problemsOf(withProxy({ http }))[0]?.split("correct it ")[1];
    expect(command("http://proxy:0")).toBe("with `pulumi config set --path proxy.http …`");
    expect(command("http://ci:pass@proxy:0")).toBe(
      "with `pulumi config set --secret --path proxy.http …`",
    );
  });

  it("must not be a loopback address", () => {
    const rule = (got: string) =>
      `must not be a loopback address, got ${got}: use the host name or address at which the swarm's nodes reach the proxy`;
    expect(
      problemsOf(withProxy({ http: "http://ci:pass@127.0.0.1:3128", https: "http://localhost:1" })),
    ).toEqual([
      `\`proxy.http\` ${rule("http://127.0.0.1:3128")}`,
      `\`proxy.https\` ${rule("http://localhost:1")}`,
    ]);
  });

  it("must not be an output with a loopback address", () => {
    const { problem } = {
      problem: "",
      ...parseOutputValue("proxy.http", "http://ci:x@[::1]:3128"),
    };
    expect(problem).toContain(
      "`proxy.http` must not be a loopback address, got http://[::1]:3128:",
    );
  });

  it("is not logged by gitlab-runner in debug mode if jobs get its password", () => {
    const problems = (proxy: object) =>
      problemsOf(withConfig({ proxy: JSON.stringify(proxy), logLevel: "debug" }));
    expect(problems({ http: SECRET })).toEqual([
      "`logLevel` (debug) must not be set together with `proxy.http`, because gitlab-runner then writes the secret values to the service's log: unset `proxy.http` while you look for a fault, or use info",
    ]);
    expect(problems({ http: SECRET, jobs: false })).toEqual([]);
    expect(problems({ http: PLAIN })).toEqual([]);
  });
});

describe("a proxy that GitLab does not use", () => {
  const warn = (proxy: object, gitlabUrl = "https://gitlab.example.com") =>
    warningsOf(withConfig({ proxy: JSON.stringify(proxy), gitlabUrl }));
  const INTENDED = "add gitlab.example.com to `proxy.noProxy` if that is intended.";

  it("is reported if it is for the other scheme", () => {
    expect(warn({ http: PLAIN })).toEqual([
      `\`proxy.http\` does not apply to \`gitlabUrl\` (https://gitlab.example.com), so the replicas connect to GitLab without a proxy: set \`proxy.https\` too, or ${INTENDED}`,
    ]);
    expect(warn({ https: PLAIN }, "http://gitlab.example.com")).toEqual([
      `\`proxy.https\` does not apply to \`gitlabUrl\` (http://gitlab.example.com), so the replicas connect to GitLab without a proxy: set \`proxy.http\` too, or ${INTENDED}`,
    ]);
  });

  it.each(["*", ".example.com", "example.com"])("is reported if noProxy has %s", (entry) => {
    expect(warn({ http: PLAIN, https: PLAIN, noProxy: [entry] })).toEqual([
      `\`proxy.noProxy\` (${entry}) includes the host of \`gitlabUrl\` (https://gitlab.example.com), so the replicas connect to GitLab without the proxy: remove the entry that includes it, or ${INTENDED}`,
    ]);
  });

  it.each([
    [{ https: PLAIN }, undefined],
    [{ http: PLAIN }, "http://gitlab.example.com"],
    [{ https: PLAIN, noProxy: ["registry.example.com"] }, undefined],
    [{ http: PLAIN, noProxy: ["gitlab.example.com"] }, undefined],
    [{ https: PLAIN, noProxy: ["*", "gitlab.example.com:443"] }, undefined],
    [{ https: PLAIN, noProxy: ["fd00::/8", "fd00::1"] }, "https://[fd00::1]"],
    [{ jobs: false }, undefined],
  ])("is not reported if GitLab uses it, or is named in noProxy: %j %s", (proxy, url) => {
    expect(warn(proxy, url)).toEqual([]);
  });

  it("is not reported for an address that is not known yet", () => {
    const rule = (values: Readonly<Record<string, unknown>>) =>
      checkRules({
        value: (key) => values[key] as never,
        isSet: (key) => key in values,
        isOwn: () => true,
        name: (key) => key,
        show: (key) => key,
      }).warnings.filter((text) => text.includes("proxy"));
    expect(rule({ gitlabUrl: undefined, "proxy.http": PLAIN })).toEqual([]);
    expect(rule({ gitlabUrl: "https://gitlab.test", "proxy.https": undefined })).toEqual([]);
    expect(rule({ gitlabUrl: "https://gitlab.test", "proxy.http": undefined })).toHaveLength(1);
  });
});

describe("hosts without a proxy", () => {
  it("have no effect without a proxy", () => {
    expect(warningsOf(withProxy({ noProxy: ["docker"] }))).toEqual([
      "`proxy.noProxy` (docker) has no effect without a proxy: set `proxy.http` or `proxy.https`, or unset it.",
    ]);
    expect(warningsOf(withProxy({ noProxy: ["docker"], https: PLAIN }))).toEqual([]);
  });
});

describe("the proxy of an additional pool", () => {
  it("is inherited, unless the pool sets another one or null, also with another GitLab", () => {
    const pools = JSON.stringify({
      none: {
        token: "glrt-another-token-of-a-runner",
        gitlabUrl: "https://inside.example.com",
        proxy: null,
      },
      other: {
        token: "glrt-a-third-token-of-a-runner",
        gitlabUrl: "http://10.0.0.7",
        proxy: { http: "http://other:3128" },
      },
      same: { token: "glrt-a-fourth-token-of-a-runner" },
    });
    const proxy = { http: PLAIN, https: SECRET, noProxy: ["docker"] };
    const { additionalPools } = settingsOf(withConfig({ proxy: JSON.stringify(proxy), pools }));
    expect(additionalPools.map(({ args }) => args.proxy)).toEqual([
      undefined,
      { ...proxy, http: "http://other:3128" },
      proxy,
    ]);
    expect(additionalPools.map(({ args }) => args.gitlabUrl)).toEqual([
      "https://inside.example.com",
      "http://10.0.0.7",
      expect.stringContaining("https://"),
    ]);
  });
});
