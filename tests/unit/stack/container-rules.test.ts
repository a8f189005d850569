import { describe, expect, it } from "@jest/globals";
import { problemsOf, warningsOf, withConfig } from "./read";

const OWN = "gitlab-runner-pool-dev";
const SOCKET = "/srv/sock:/var/run/docker.sock";
const TLS_HOST = "tcp://docker.example.com:2376";

describe("the settings of the replicas' containers", () => {
  it.each<[what: string, config: Record<string, string>, problem: string]>([
    [
      "the network of the replicas twice",
      { network: "proxy", networks: "storage,proxy" },
      "`networks` must not contain `network` (proxy), to which the replicas are attached already: remove it from `networks`",
    ],
    [
      "the network that the pool creates",
      { networks: OWN },
      `\`networks\` must not contain ${OWN}, the network that the pool creates, to which its replicas are attached already: remove it`,
    ],
    [
      "a mount at the engine's socket",
      { mounts: SOCKET },
      "`mounts` must not mount at /var/run/docker.sock, because the replicas of the docker executor have the engine's socket at /var/run/docker.sock: remove the mount; to use another engine, set `docker.host`",
    ],
    [
      "a mount at another engine's socket",
      { mounts: "/srv:/run/podman", docker: '{"host":"unix:///run/podman/podman.sock"}' },
      "`mounts` must not mount at /run/podman, because the replicas of the docker executor have the engine's socket at /run/podman/podman.sock: remove the mount; to use another engine, set `docker.host`",
    ],
    [
      "a mount at the folder of the logins of jobs",
      {
        mounts: "/srv:/root/.docker",
        jobRegistries: '{"registry.example.com":{"username":"ci","password":"0123456789abcdef"}}',
      },
      "`mounts` must not mount at /root/.docker, where the replicas keep the logins of `jobRegistries`: remove the mount or `jobRegistries`",
    ],
  ])("are rejected with %s", (_what, config, problem) => {
    expect(problemsOf(withConfig(config))).toEqual([problem]);
  });

  it.each<[what: string, config: Record<string, string>]>([
    ["the socket with the shell executor", { mounts: SOCKET, executor: "shell" }],
    ["another network", { network: "proxy", networks: "storage" }],
    ["the name of the own service with another network", { network: "proxy", networks: OWN }],
  ])("may have %s", (_what, config) => {
    expect(problemsOf(withConfig(config))).toEqual([]);
  });

  it("may mount the node's socket beside an engine on TCP", () => {
    const problems = problemsOf(withConfig({ mounts: SOCKET, docker: `{"host":"${TLS_HOST}"}` }));
    expect(problems.filter((problem) => problem.includes("mounts"))).toEqual([]);
  });

  it("warn of an internal network without another one", () => {
    const network = '{"internal":true}';
    expect(warningsOf(withConfig({ network }))).toEqual([
      "`network` is internal, so the replicas reach only containers that are attached to it too: attach GitLab or a proxy to it, or add a network with a way to GitLab to `networks`.",
    ]);
    expect(warningsOf(withConfig({ network, networks: "proxy" }))).toEqual([]);
    expect(warningsOf(withConfig({ network: '{"internal":false}' }))).toEqual([]);
  });

  it("are all reported at once", () => {
    const config = { mounts: "/a:/,/b:/proc", dns: "127.0.0.1", dnsOptions: "x", networks: "a b" };
    const problems = problemsOf(withConfig({ ...config, network: '{"ipv6":true}' }));
    expect(problems).toHaveLength(5);
  });
});
