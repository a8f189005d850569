import { describe, expect, it } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { createSecrets, type PoolSecret } from "../../../../components/pool/secrets";
import { buildReplicaVariables } from "../../../../components/pool/replica-env";
import { declare, inputsOf, valueOf } from "../../../support/mocks";

const RANDOM = "random:index/randomId:RandomId";

describe("the secrets of a pool", () => {
  const values = (password: string) =>
    new Map([
      ["token", "glrt-a-token-of-a-runner"],
      ["registry.password", password],
    ] as const);
  const make = async (password = "hunter2", serviceName = "ci") => {
    let made: readonly PoolSecret[] = [];
    const declared = await declare(() => {
      const parent = new pulumi.ComponentResource("test:index:Pool", "ci");
      made = createSecrets(parent, "ci", pulumi.output(serviceName), values(password));
    });
    return { declared, made };
  };

  it("are one swarm secret and one file for each setting", async () => {
    const { declared, made } = await make();
    expect(declared.map(({ what }) => what)).toEqual([
      "docker:index/secret:Secret::ci-registry-password",
      "docker:index/secret:Secret::ci-token",
      `${RANDOM}::ci-registry-password-id`,
      `${RANDOM}::ci-token-id`,
      "test:index:Pool::ci",
    ]);
    expect(made.map(({ file }) => file)).toEqual([
      "/run/secrets/gitlab-runner-token",
      "/run/secrets/gitlab-runner-registry-password",
    ]);
    expect(
      buildReplicaVariables(new Map(), ["token", "registry.password"], "replicated"),
    ).toMatchObject({
      RUNNER_CI_TOKEN_FILE: "/run/secrets/gitlab-runner-token",
      REGISTRY_PASSWORD_FILE: "/run/secrets/gitlab-runner-registry-password",
    });
  });

  it("are the only resources that contain the values, as Pulumi secrets", async () => {
    const { declared } = await make();
    const { data } = inputsOf(declared, "docker:index/secret:Secret::ci-registry-password");
    expect(pulumi.runtime.isRpcSecret(data)).toBe(true);
    const { value } = data as { readonly value: string };
    expect(Buffer.from(value, "base64").toString()).toBe("hunter2");
    const others = declared.filter(({ what }) => !what.includes("secret:Secret"));
    expect(JSON.stringify(others)).not.toMatch(/hunter2|a-token-of/);
  });

  it("get a new name when their own value changes", async () => {
    const keepers = async (password: string) => {
      const { declared } = await make(password);
      return ["token", "registry-password"].map(
        (role) => inputsOf(declared, `${RANDOM}::ci-${role}-id`)["keepers"],
      );
    };
    const [one, other] = [await keepers("hunter2"), await keepers("hunter3")];
    expect(other[0]).toEqual(one[0]);
    expect(other[1]).not.toEqual(one[1]);
    // A token is random, but a password could be guessed from its digest.
    expect(pulumi.runtime.isRpcSecret(one[0])).toBe(false);
    expect(pulumi.runtime.isRpcSecret(one[1])).toBe(true);
  });

  it("have names that Swarm accepts, even for the longest service name", async () => {
    const { made } = await make("hunter2", "s".repeat(63));
    const names = await Promise.all(made.map(({ name }) => valueOf(name)));
    expect(names.map((name) => name.length <= 64)).toEqual([true, true]);
    expect(new Set(names).size).toBe(2);
  });
});
