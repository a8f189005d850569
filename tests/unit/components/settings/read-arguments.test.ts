import { describe, expect, it } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { RunnerPool, type RunnerPoolArgs } from "../../../../components/pool/runner-pool";
import { parseOutputValue } from "../../../../components/settings/output-value";
import { declare, inputsOf } from "../../../support/mocks";

const SERVICE = "docker:index/service:Service::ci-service";

const ARGS: RunnerPoolArgs = {
  gitlabUrl: "https://gitlab.example.com",
  token: "glrt-a-token-of-a-runner",
  image: "registry.example.com/ci/runner:1@sha256:abc",
  onlineTimeout: "0s",
};

/** Returns the message of the error that a constructor throws; empty if it throws none. */
async function messageOf(args: Readonly<Record<string, unknown>>): Promise<string> {
  let message = "";
  await declare(() => {
    try {
      new RunnerPool("ci", { ...ARGS, ...args });
    } catch (error) {
      message = String(error);
    }
    return {};
  });
  return message;
}

describe("outputs as arguments", () => {
  it("are accepted for arguments of the type `pulumi.Input`", async () => {
    const later = <T>(value: T) => pulumi.output(Promise.resolve(value));
    const declared = await declare(() => ({
      service: new RunnerPool("ci", {
        ...ARGS,
        gitlabUrl: later("https://gitlab.example.com/gitlab/"),
        token: later("glrt-a-token-of-a-runner"),
        tokenKind: "authentication",
        replicas: later(3),
        jobImage: later("alpine:3.22"),
      }).service,
    }));
    const { taskSpec, mode } = inputsOf(declared, SERVICE) as {
      taskSpec: { containerSpec: { env: Record<string, string> } };
      mode: unknown;
    };
    const env: unknown = JSON.parse(taskSpec.containerSpec.env["RUNNER_SETTINGS"] ?? "");
    expect(env).toMatchObject({
      RUNNER_CI_URL: "https://gitlab.example.com/gitlab",
      RUNNER_IMAGE: "alpine:3.22",
    });
    expect(mode).toEqual({ replicated: { replicas: 3 } });
  });

  it("are rejected for arguments that decide which resources the pool consists of", async () => {
    expect(
      await messageOf({ concurrent: pulumi.output(2), executor: pulumi.output("shell") }),
    ).toBe(
      [
        'Error: RunnerPool "ci" has invalid arguments:',
        "`concurrent` must be a plain value, not an output: it decides which resources the pool consists of",
        "`executor` must be a plain value, not an output: it decides which resources the pool consists of",
      ].join("\n  - "),
    );
  });

  it.each([
    ["gitlabUrl", "gitlab", "`gitlabUrl` must be a URL that starts with https:// or http://"],
    ["gitlabUrl", "http://127.0.0.1", "`gitlabUrl` must not be a loopback address, got http"],
    ["replicas", 1001, "`replicas` must be a whole number from 0 to 1000, got 1001"],
    ["jobImage", "Ubuntu", "`jobImage` must be an image reference"],
    ["network", "a b", "`network` must be a network name"],
    [
      "network",
      { subnet: "10.20.0.0/20" },
      "`network` must be the name of an existing network if it is",
    ],
    ["token", "glrt-$SECRET0", "`token` must be a runner token"],
  ] as const)("are checked as soon as they are known: %s %j", (key, value, words) => {
    expect(parseOutputValue(key, value)).toEqual({ problem: expect.stringContaining(words) });
  });

  it("are parsed by the same rules as plain values", () => {
    expect(parseOutputValue("gitlabUrl", "https://gitlab.example.com/")).toEqual({
      value: "https://gitlab.example.com",
    });
    expect(parseOutputValue("network", "my-net")).toEqual({
      value: { kind: "existing", name: "my-net" },
    });
  });
});

describe("an invalid argument", () => {
  it("is reported with a fix for programs, not for stack config", async () => {
    expect(await messageOf({ token: undefined, gitlabUrl: undefined, serviceName: "-ci" })).toBe(
      [
        'Error: RunnerPool "ci" has invalid arguments:',
        '`token` is required: pass a value such as "glrt-…"; or set `runnerScope` to create the runner in GitLab',
        '`gitlabUrl` is required: pass a value such as "https://gitlab.example.com"',
        "the service name `-ci` begins or ends with -, but Docker Swarm allows only letters, digits, - and _, with a letter or digit at both ends: pass another `serviceName`",
      ].join("\n  - "),
    );
    expect(await messageOf({ runnerName: 1.5 })).toContain(
      "`runnerName` must be a string, because a decimal or large number may lose digits: pass a string, got 1.5",
    );
  });

  it.each([
    [{ docker: pulumi.output({ privileged: true }) }, "`docker` must be an object, such as {"],
    [{ docker: Promise.resolve({ privileged: true }) }, "`docker` must be an object, such as {"],
    [{ docker: new Map([["privileged", true]]) }, "`docker` must be an object, such as {"],
    [{ network: new Map() }, "`network` must be a network name"],
    [{ network: { kind: "overlay" } }, "`network` must be a network name"],
    [{ runUntagged: { toString: 1 } }, "`runUntagged` must be true or false"],
    [{ runnerScope: { kind: "group", id: "7" }, token: undefined }, "`runnerScope` must be"],
    [{ replicas: 5n }, "`replicas` must be a whole number from 0 to 1000, got 5n"],
    [{ serviceName: pulumi.output("ci") }, "`serviceName` must be a plain string"],
    [
      { "docker.privileged": true, docker: { privileged: false } },
      "`docker.privileged` is set twice: unset one of them",
    ],
    [{ baseImage: "a:1" }, "`baseImage` is not an argument of a pool"],
  ])("is reported, not ignored: %o", async (args, words) => {
    expect(await messageOf(args)).toContain(words);
  });

  it("is reported without its value if it is a secret output", () => {
    expect(parseOutputValue("jobImage", "UPPER/secret", true)).toEqual({
      problem: expect.stringMatching(/^`jobImage` must be an image reference.*, got \[secret\]$/),
    });
  });
});

describe("settings that are too large for one variable", () => {
  const images = Array.from({ length: 4000 }, (_, at) => `registry.example.com/ci/image-${at}/*`);

  it("are rejected with their size and Linux's limit", async () => {
    const message = await messageOf({ docker: { allowedImages: images } });
    expect(message).toMatch(
      /`docker\.allowedImages` \(\d{6} bytes\) must be shorter: a replica's settings take up \d{6} bytes in RUNNER_SETTINGS, and Linux allows 131072 bytes for one variable/,
    );
    expect(await messageOf({ docker: { allowedImages: images.slice(0, 2500) } })).toBe("");
  });
});

describe("a value with $", () => {
  it.each([
    ["gitlabUrl", "https://gitlab.example.com/$HOME"],
    ["token", "glrt-0123$456789"],
  ])("is rejected, because gitlab-runner would expand it: %s", async (key, value) => {
    expect(await messageOf({ [key]: value })).toContain(`\`${key}\` must not contain $`);
  });
});

describe("a duration as an argument", () => {
  it("may be a number of seconds", async () => {
    const declared = await declare(() => ({
      service: new RunnerPool("ci", { ...ARGS, drainTimeout: 5400 }).service,
    }));
    const { taskSpec } = inputsOf(declared, SERVICE) as {
      taskSpec: { containerSpec: { stopGracePeriod: string } };
    };
    expect(taskSpec.containerSpec.stopGracePeriod).toBe("1h31m");
    expect(await messageOf({ drainTimeout: -1 })).toContain("`drainTimeout` must be a duration");
  });
});
