import { describe, expect, it } from "@jest/globals";
import { RunnerPool, type RunnerPoolArgs } from "../../../../components/pool/runner-pool";
import { declare, inputsOf, type Declared } from "../../../support/mocks";

const ARGS: RunnerPoolArgs = {
  gitlabUrl: "https://gitlab.example.com/",
  token: "glrt-a-token-of-a-runner",
  image: "registry.example.com/ci/runner:1@sha256:abc",
  onlineTimeout: "0s",
};
const SERVICE = "docker:index/service:Service::ci-service";

const declarePool = (args: Partial<RunnerPoolArgs>): Promise<readonly Declared[]> =>
  declare(() => ({ pool: new RunnerPool("ci", { ...ARGS, ...args }).service }));

interface ServiceInputs {
  readonly taskSpec: {
    readonly containerSpec: {
      readonly mounts: readonly unknown[];
      readonly hosts: unknown;
      readonly dnsConfig: unknown;
      readonly env: Readonly<Record<string, string>>;
    };
  };
}

async function declareContainer(args: Partial<RunnerPoolArgs>) {
  const inputs = inputsOf(await declarePool(args), SERVICE) as unknown as ServiceInputs;
  return inputs.taskSpec.containerSpec;
}

describe("the container of a replica", () => {
  it("adds mounts, hosts and DNS servers to the container, and the engine's socket last", async () => {
    const { mounts, hosts, dnsConfig } = await declareContainer({
      mounts: ["/srv/a:/a:ro", { type: "tmpfs", target: "/t", size: "1m" }],
      extraHosts: ["a.example:10.0.0.7", "b.example:fd00::1"],
      dns: ["10.0.0.53"],
      dnsSearch: ["example.com"],
      dnsOptions: ["ndots:2"],
    });
    expect(mounts.slice(-3)).toEqual([
      { type: "bind", source: "/srv/a", target: "/a", readOnly: true },
      { type: "tmpfs", target: "/t", readOnly: false, tmpfsOptions: { sizeBytes: 1024 ** 2 } },
      expect.objectContaining({ target: "/var/run/docker.sock" }),
    ]);
    expect(hosts).toEqual([
      { host: "a.example", ip: "10.0.0.7" },
      { host: "b.example", ip: "fd00::1" },
    ]);
    expect(dnsConfig).toEqual({
      nameservers: ["10.0.0.53"],
      searches: ["example.com"],
      options: ["ndots:2"],
    });
  });

  it("lets a user's mount replace one of its folders in memory", async () => {
    const targets = async (args: Partial<RunnerPoolArgs>) =>
      (await declareContainer(args)).mounts.map((mount) => (mount as { target: string }).target);
    expect(await targets({})).toEqual(expect.arrayContaining(["/tmp", "/home/gitlab-runner"]));
    const changed = await targets({ mounts: ["/srv/tmp:/tmp/"] });
    expect(changed.filter((target) => target.startsWith("/tmp"))).toEqual(["/tmp/"]);
    expect(changed).toContain("/home/gitlab-runner");
  });

  it("keeps its generation unless one of these settings is set", async () => {
    const generation = async (args: Partial<RunnerPoolArgs>) => {
      const { env } = await declareContainer(args);
      return (JSON.parse(env["RUNNER_SETTINGS"] ?? "{}") as Record<string, string>)[
        "RUNNER_GENERATION"
      ];
    };
    const before = await generation({});
    expect(await generation({ mounts: [], extraHosts: [], dns: [], dnsSearch: [] })).toBe(before);
    expect(await generation({ networks: [], dnsOptions: [] })).toBe(before);
    expect(await generation({ dns: ["10.0.0.53"] })).not.toBe(before);
    expect(await generation({ extraHosts: ["a:10.0.0.7"] })).not.toBe(before);
    expect(await generation({ mounts: ["/a:/b"] })).not.toBe(before);
  });
});

describe("the network of a pool", () => {
  it("creates an internal network with its own MTU", async () => {
    const declared = await declarePool({ network: { internal: true, mtu: 1400 } });
    expect(inputsOf(declared, "docker:index/network:Network::ci-network")).toEqual({
      name: "ci",
      driver: "overlay",
      attachable: true,
      internal: true,
      options: { "com.docker.network.driver.mtu": "1400" },
    });
  });
});
