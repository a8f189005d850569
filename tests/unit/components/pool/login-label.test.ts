import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "@jest/globals";
import { RunnerPool } from "../../../../components/pool/runner-pool";
import { LoginProvider } from "../../../../components/registry/login-provider";
import { declare, inputsOf, type Declared } from "../../../support/mocks";

const SERVICE = "docker:index/service:Service::ci-service";
const ID = "random:index/randomId:RandomId::ci-registry-login-id";
const OWNER = { label: "gitlab-runner-pool.owner", value: "docker-id" };
const PASSWORD = "password-of-ci";

const withLogin = (password: string, username = "ci") =>
  new LoginProvider("docker", {}, pulumi.secret({ username, password }));

function declarePool(provider: () => docker.Provider | undefined): Promise<readonly Declared[]> {
  return declare(() => {
    const found = provider();
    const pool = new RunnerPool(
      "ci",
      {
        gitlabUrl: "https://gitlab.example.com/",
        token: "glrt-a-token-of-a-runner",
        image: "registry.example.com/ci/runner:1@sha256:abc",
        onlineTimeout: "0s",
      },
      found === undefined ? {} : { provider: found },
    );
    return { service: pool.service };
  });
}

const digestOf = async (password: string, username?: string) => {
  const { keepers } = inputsOf(await declarePool(() => withLogin(password, username)), ID);
  return (keepers as { value: Record<string, string> }).value["registry-login"];
};

describe("the label for the login of the registry", () => {
  it("is random, and gets a new value only with a new login", async () => {
    const declared = await declarePool(() => withLogin(PASSWORD));
    expect(inputsOf(declared, SERVICE)["labels"]).toEqual([
      OWNER,
      { label: "gitlab-runner-pool.registry-login", value: "0a1b2c3d" },
    ]);
    const digest = await digestOf(PASSWORD);
    expect(digest).toMatch(/^[0-9a-f]{16}$/);
    expect(await digestOf(PASSWORD)).toBe(digest);
    expect(await digestOf("another-password")).not.toBe(digest);
    expect(await digestOf(PASSWORD, "other")).not.toBe(digest);
  });

  it("does not reveal the password: the digest is a secret, and nothing else depends on it", async () => {
    const declared = await declarePool(() => withLogin(PASSWORD));
    expect(pulumi.runtime.isRpcSecret(inputsOf(declared, ID)["keepers"])).toBe(true);
    expect(JSON.stringify(declared)).not.toContain(PASSWORD);
  });

  it("is not part of the replicas, so it restarts none", async () => {
    const taskSpec = async (password?: string) =>
      inputsOf(
        await declarePool(() =>
          password === undefined ? new docker.Provider("docker", {}) : withLogin(password),
        ),
        SERVICE,
      )["taskSpec"];
    const without = await taskSpec();
    expect(await taskSpec(PASSWORD)).toEqual(without);
    expect(await taskSpec("another-password")).toEqual(without);
  });

  it.each([
    ["another docker provider", () => new docker.Provider("docker", {}), [OWNER]],
    ["Pulumi's default provider", () => undefined, undefined],
  ])("is missing with %s, so existing stacks do not change", async (_, provider, labels) => {
    const declared = await declarePool(provider);
    expect(inputsOf(declared, SERVICE)["labels"]).toEqual(labels);
    expect(declared.map(({ what }) => what)).not.toContain(ID);
  });
});
