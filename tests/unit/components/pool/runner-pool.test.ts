import { afterEach, describe, expect, it } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { RunnerPool, type RunnerPoolArgs } from "../../../../components/pool/runner-pool";
import { declare, inputsOf, type Declared } from "../../../support/mocks";

const ARGS: RunnerPoolArgs = {
  gitlabUrl: "https://gitlab.example.com/",
  token: "glrt-a-token-of-a-runner",
  image: "registry.example.com/ci/runner:1@sha256:abc",
  onlineTimeout: "0s",
};
const RUN = "/run/gitlab-runner-pool";
const inMemory = (target: string, tmpfsOptions: object) => ({
  ...{ type: "tmpfs", target, readOnly: false, tmpfsOptions },
});
const IN_MEMORY = inMemory(RUN, { mode: 0o700, sizeBytes: 4_194_304 });
const SERVICE = "docker:index/service:Service::ci-service";

const declarePool = (args: Partial<RunnerPoolArgs> = {}, preview = false) =>
  declare(() => ({ pool: new RunnerPool("ci", { ...ARGS, ...args }).service }), { preview });

/** Reads the settings in the service's only variable. */
function variables(declared: readonly Declared[]): Record<string, string> {
  const { taskSpec } = inputsOf(declared, SERVICE) as {
    taskSpec: { containerSpec: { env: Record<string, string> } };
  };
  const { env } = taskSpec.containerSpec;
  expect(Object.keys(env)).toEqual(["RUNNER_SETTINGS"]);
  return JSON.parse(env["RUNNER_SETTINGS"] ?? "") as Record<string, string>;
}

afterEach(() => {
  delete process.env["GITLAB_TOKEN"];
});

describe("RunnerPool", () => {
  it("declares a secret, a network and a service, and nothing else", async () => {
    expect((await declarePool()).map(({ what }) => what)).toEqual([
      "docker:index/network:Network::ci-network",
      "docker:index/secret:Secret::ci-token",
      SERVICE,
      "gitlab-runner-pool:index:RunnerPool::ci",
      "random:index/randomId:RandomId::ci-token-id",
    ]);
  });

  it("passes no arguments to the engine with the component itself", async () => {
    const declared = await declarePool();
    expect(inputsOf(declared, "gitlab-runner-pool:index:RunnerPool::ci")).toEqual({});
  });

  it("sets every property of the service", async () => {
    const { taskSpec, ...rest } = inputsOf(await declarePool(), SERVICE);
    const rolling = {
      parallelism: 0,
      order: "start-first",
      delay: "0s",
      monitor: "5s",
      maxFailureRatio: "0.0",
    };
    expect(rest).toEqual({
      name: "ci",
      mode: { replicated: { replicas: 2 } },
      endpointSpec: { mode: "dnsrr" },
      updateConfig: { ...rolling, failureAction: "rollback" },
      rollbackConfig: { ...rolling, failureAction: "pause" },
    });
    expect(taskSpec).toEqual({
      containerSpec: {
        image: ARGS.image,
        env: { RUNNER_SETTINGS: expect.any(String) },
        secrets: [
          {
            secretId: "ci-token-id",
            secretName: "ci-token-0a1b2c3d",
            fileName: "/run/secrets/gitlab-runner-token",
            fileUid: "0",
            fileGid: "0",
            fileMode: 0o400,
          },
        ],
        mounts: [
          IN_MEMORY,
          {
            type: "volume",
            source: "ci-places",
            target: "/var/lib/gitlab-runner-pool",
            readOnly: false,
            volumeOptions: {
              noCopy: true,
              driverName: "local",
            },
          },
          inMemory("/tmp", { sizeBytes: 67_108_864 }),
          inMemory("/home/gitlab-runner", { mode: 0o755, sizeBytes: 16_777_216 }),
          {
            type: "bind",
            source: "/var/run/docker.sock",
            target: "/var/run/docker.sock",
            readOnly: false,
          },
        ],
        capDrops: ["ALL"],
        readOnly: true,
        stopSignal: "SIGQUIT",
        stopGracePeriod: "1h1m",
        healthcheck: {
          tests: ["CMD", "test", "-e", "/run/gitlab-runner-pool/online"],
          interval: "45s",
          timeout: "10s",
          startPeriod: "8760h",
          retries: 3,
        },
        isolation: "default",
        dnsConfig: { nameservers: [] },
        sysctl: { "net.ipv4.tcp_keepalive_time": "7200" },
      },
      networksAdvanceds: [{ id: "ci-network-id" }],
      restartPolicy: { condition: "any", delay: "5s", maxAttempts: 0, window: "0s" },
      forceUpdate: 0,
      runtime: "container",
    });
  });

  it("passes each setting to a replica as a variable, all inside RUNNER_SETTINGS", async () => {
    expect(variables(await declarePool())).toEqual({
      RUNNER_CI_TOKEN_FILE: "/run/secrets/gitlab-runner-token",
      RUNNER_CI_URL: "https://gitlab.example.com",
      RUNNER_NAME: "gitlab-runner-",
      RUNNER_IMAGE: "ubuntu:24.04",
      RUNNER_CONCURRENT: "1",
      RUNNER_DRAIN_TIMEOUT: "1h",
      RUNNER_EXECUTOR: "docker",
      RUNNER_DOCKER_PRIVILEGED: "false",
      RUNNER_DOCKER_VOLUMES: "/cache",
      RUNNER_DOCKER_PULL_POLICY: "always",
      RUNNER_TOKEN_KIND: "authentication",
      RUNNER_POOL: "{{.Service.Name}}/{{.Service.ID}}",
      RUNNER_NODE: "{{.Node.ID}}",
      RUNNER_SLOT: "{{.Task.Slot}}",
      RUNNER_GENERATION: expect.stringMatching(/^[0-9a-f]{12}$/),
    });
  });

  it("keeps the token only in the swarm secret, as a Pulumi secret", async () => {
    const declared = await declarePool();
    const { data } = inputsOf(declared, "docker:index/secret:Secret::ci-token");
    expect(pulumi.runtime.isRpcSecret(data)).toBe(true);
    const { value } = data as { readonly value: string };
    expect(Buffer.from(value, "base64").toString()).toBe(ARGS.token);
    const others = declared.filter(({ what }) => !what.includes("secret:Secret"));
    expect(JSON.stringify(others)).not.toContain("a-token-of-a-runner");
    expect(JSON.stringify(others)).not.toContain(value);
  });

  it("gives the secret a new name only when the token changes", async () => {
    const keepers = async (token: string) =>
      inputsOf(await declarePool({ token }), "random:index/randomId:RandomId::ci-token-id");
    const one = await keepers("glrt-token-number-one");
    expect(await keepers("glrt-token-number-one")).toEqual(one);
    expect(await keepers("glrt-token-number-two")).not.toEqual(one);
    expect(one).toEqual({
      byteLength: 4,
      keepers: { token: expect.stringMatching(/^[0-9a-f]{16}$/) },
    });
  });

  it("changes the generation with the spec, but not with the number of replicas", async () => {
    const generation = async (args: Partial<RunnerPoolArgs>) =>
      variables(await declarePool(args))["RUNNER_GENERATION"];
    const before = await generation({});
    expect(await generation({ replicas: 7 })).toBe(before);
    expect(await generation({ concurrent: 2 })).not.toBe(before);
    expect(await generation({ drainTimeout: "2h" })).not.toBe(before);
    expect(await generation({ image: "registry.example.com/ci/runner:2@sha256:def" })).not.toBe(
      before,
    );
  });

  it("declares the same service in a preview that does not know the image yet", async () => {
    const declared = await declare(
      () => {
        const image = pulumi
          .output("x")
          .apply(() => new Promise<string>((resolve) => setTimeout(resolve, 1, "a:b@sha256:c")));
        return { service: new RunnerPool("ci", { ...ARGS, image }).service };
      },
      { preview: true },
    );
    expect(declared.map(({ what }) => what)).toContain(SERVICE);
  });

  it("passes the registration settings to the replicas", async () => {
    const declared = await declarePool({
      token: "GR1348941registration",
      tags: ["a", "b"],
      runUntagged: false,
      locked: true,
      maximumTimeout: "2h",
    });
    expect(variables(declared)).toMatchObject({
      RUNNER_TOKEN_KIND: "registration",
      RUNNER_TAGS: "a,b",
      RUNNER_RUN_UNTAGGED: "false",
      RUNNER_LOCKED: "true",
      RUNNER_PROTECTED: "false",
      RUNNER_MAXIMUM_TIMEOUT: "2h",
    });
  });

  it("escapes templates in settings, so Swarm expands only this program's templates", async () => {
    const { RUNNER_NAME } = variables(await declarePool({ runnerName: "{{.Node.Hostname}}-" }));
    expect(RUNNER_NAME).toBe("{{`{{`}}.Node.Hostname}}-");
  });

  it("creates a runner in GitLab for `runnerScope` and passes its token to the replicas", async () => {
    process.env["GITLAB_TOKEN"] = "glpat-not-to-be-kept";
    const declared = await declarePool({
      token: undefined,
      runnerScope: "group:42",
      protected: true,
      maximumTimeout: "10m",
      description: "ci of the group",
    });
    expect(inputsOf(declared, "pulumi:providers:gitlab::ci-gitlab")).toEqual({
      baseUrl: "https://gitlab.example.com/api/v4/",
      earlyAuthCheck: "false",
    });
    expect(inputsOf(declared, "gitlab:index/userRunner:UserRunner::ci-runner")).toEqual({
      runnerType: "group_type",
      groupId: 42,
      description: "ci of the group",
      tagLists: ["docker", "linux"],
      untagged: true,
      locked: false,
      paused: false,
      accessLevel: "ref_protected",
      maximumTimeout: 600,
    });
    const { data } = inputsOf(declared, "docker:index/secret:Secret::ci-token");
    const { value } = data as { readonly value: string };
    expect(Buffer.from(value, "base64").toString()).toBe("glrt-made-by-gitlab");
    expect(JSON.stringify(declared)).not.toContain("glpat-");
    expect(variables(declared)).not.toHaveProperty("RUNNER_TAGS");
  });

  it("creates a network with the given settings", async () => {
    const declared = await declarePool({ network: { subnet: "10.20.0.0/20", encrypted: true } });
    expect(inputsOf(declared, "docker:index/network:Network::ci-network")).toEqual({
      name: "ci",
      driver: "overlay",
      attachable: true,
      ipamConfigs: [{ subnet: "10.20.0.0/20" }],
      options: { encrypted: "" },
    });
  });
});

describe("arguments of RunnerPool", () => {
  const messageOf = async (args: Partial<RunnerPoolArgs>): Promise<string> => {
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
  };

  it("are checked together, and all problems are reported at once", async () => {
    expect(await messageOf({ concurrent: 0, replicas: 1.5, gitlabUrl: "gitlab" })).toBe(
      [
        'Error: RunnerPool "ci" has invalid arguments:',
        '`gitlabUrl` must be a URL that starts with https:// or http://, without a user, query or fragment, such as https://gitlab.example.com, got "gitlab"',
        "`concurrent` must be a whole number from 1 to 1000, got 0",
        "`replicas` must be a whole number from 0 to 1000, got 1.5",
      ].join("\n  - "),
    );
  });

  it("never appear in an error if they contain a token", async () => {
    const message = await messageOf({ token: "no kind known of this" });
    expect(message).toContain("`token` must be");
    expect(message).not.toContain("no kind known");
  });

  it("require `tokenKind` for a token that is not known yet", async () => {
    const token = pulumi.output("glrt-some-other-resource");
    expect(await messageOf({ token })).toContain("set `tokenKind`");
    expect(await messageOf({ token })).toContain("is an output, so its prefix is not known");
    expect(await messageOf({ token, tokenKind: "authentication" })).toBe("");
  });
});
