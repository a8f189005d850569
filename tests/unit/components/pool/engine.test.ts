import { describe, expect, it } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { RunnerPool, type RunnerPoolArgs } from "../../../../components/pool/runner-pool";
import { TLS_SETTINGS } from "../../../support/client-certificates";
import { declare, inputsOf, type Declared } from "../../../support/mocks";

const SERVICE = "docker:index/service:Service::ci-service";
const KEY = "docker:index/secret:Secret::ci-docker-host-key";

const {
  "docker.hostCa": hostCa,
  "docker.hostCert": hostCert,
  "docker.hostKey": hostKey,
} = TLS_SETTINGS;

const declarePool = (docker: RunnerPoolArgs["docker"]) =>
  declare(() => ({
    pool: new RunnerPool("ci", {
      gitlabUrl: "https://gitlab.example.com",
      token: "glrt-a-token-of-a-runner",
      image: "registry.example.com/ci/runner:1",
      onlineTimeout: "0s",
      docker,
    }).service,
  }));

interface Container {
  readonly mounts: readonly { readonly type: string; readonly source?: string; target: string }[];
  readonly secrets: readonly { readonly fileName: string }[];
  readonly env: { readonly RUNNER_SETTINGS: string };
}

function containerOf(declared: readonly Declared[]): Container {
  const { taskSpec } = inputsOf(declared, SERVICE) as {
    taskSpec: { containerSpec: Container };
  };
  return taskSpec.containerSpec;
}

const binds = ({ mounts }: Container) => mounts.filter(({ type }) => type === "bind");

describe("the engine of a pool", () => {
  it("is reached through another socket, which is mounted instead of Docker's", async () => {
    const path = "/run/podman/podman.sock";
    const container = containerOf(await declarePool({ host: `unix://${path}` }));

    expect(binds(container)).toEqual([
      { type: "bind", source: path, target: path, readOnly: false },
    ]);
    expect(JSON.parse(container.env.RUNNER_SETTINGS)).toMatchObject({
      RUNNER_DOCKER_HOST: `unix://${path}`,
    });
  });

  it.each([
    ["plain values", (text: string) => text],
    ["outputs of other resources", (text: string) => pulumi.output(text)],
  ])(
    "is reached through TLS without a socket, and the key is only in a secret: %s",
    async (_, wrap) => {
      const declared = await declarePool({
        host: "tcp://docker.example.com:2376",
        hostCa: wrap(hostCa),
        hostCert: wrap(hostCert),
        hostKey: wrap(hostKey),
      });
      const container = containerOf(declared);

      expect(binds(container)).toEqual([]);
      expect(JSON.parse(container.env.RUNNER_SETTINGS)).toMatchObject({
        RUNNER_DOCKER_HOST: "tcp://docker.example.com:2376",
        RUNNER_DOCKER_HOST_CA: hostCa,
        RUNNER_DOCKER_HOST_CERT: hostCert,
        RUNNER_DOCKER_HOST_KEY_FILE: "/run/secrets/gitlab-runner-docker-host-key",
      });
      expect(container.secrets.map(({ fileName }) => fileName)).toContain(
        "/run/secrets/gitlab-runner-docker-host-key",
      );
      expect(inputsOf(declared, KEY)["data"]).toMatchObject({
        // Pulumi's mark of a secret.
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        value: Buffer.from(hostKey).toString("base64"),
      });
      const others = declared.filter(({ what }) => what !== KEY);
      expect(JSON.stringify(others)).not.toContain(hostKey.split("\n")[1] ?? "no key");
    },
  );
});
