import { describe, expect, it } from "@jest/globals";
import { EngineError } from "../../../../docker-engine/api";
import { checkBaseImage } from "../../../../tools/doctor/checks/base-image";
import { checkNetworks } from "../../../../tools/doctor/checks/network";
import { checkSwarm } from "../../../../tools/doctor/checks/swarm";
import { stackSettings } from "../../../support/doctor-settings";
import { HEALTHY_ENGINE, node, scriptedEngine } from "../../../support/scripted-engine";

const ignore = () => undefined;

describe("the check of the swarm", () => {
  const swarm = (role: object, nodes: readonly object[] = [node("vm")]) =>
    checkSwarm(scriptedEngine({ "/info": { Name: "vm", Swarm: role }, "/nodes": nodes })).then(
      ({ outcome }) => outcome,
    );
  const MANAGER = { LocalNodeState: "active", ControlAvailable: true };

  it("counts the nodes that can run replicas", async () => {
    const nodes = [node("vm"), node("b")];
    expect(await swarm(MANAGER, nodes)).toEqual({
      kind: "passed",
      text: "vm is a manager, 2 nodes can run replicas",
    });
  });

  it("warns of nodes that cannot", async () => {
    const nodes = [node("vm"), node("b", { state: "down" }), node("c", { availability: "drain" })];
    expect(await swarm(MANAGER, nodes)).toEqual({
      kind: "warned",
      text: "vm is a manager, 1 node can run replicas, but node b is down, node c is set to drain: check `docker node ls`",
    });
  });

  it.each<[string, object, readonly object[], string]>([
    [
      "the engine has no swarm",
      { LocalNodeState: "inactive" },
      [],
      "vm is not part of a swarm: run `docker swarm init` on it, or set DOCKER_HOST to a manager of a swarm",
    ],
    [
      "the engine is a worker",
      { LocalNodeState: "active", RemoteManagers: [{ Addr: "10.0.0.1:2377" }] },
      [],
      "vm is a worker: set DOCKER_HOST to a manager (10.0.0.1:2377), or run `docker node promote vm` on a manager",
    ],
    [
      "the swarm is locked",
      { LocalNodeState: "locked" },
      [],
      "the swarm of vm is locked: run `docker swarm unlock` on it",
    ],
    [
      "the engine cannot reach its swarm",
      { LocalNodeState: "error", Error: "no route" },
      [],
      "the state of vm in its swarm is error (no route): check the network between the nodes, and `docker info`",
    ],
    [
      "no node is ready",
      MANAGER,
      [node("vm", { availability: "drain" })],
      "no node can run replicas: node vm is set to drain: start the nodes, or set them to active with `docker node update --availability active NODE`",
    ],
  ])("fails if %s", async (_, role, nodes, problem) => {
    expect(await swarm(role, nodes)).toEqual({ kind: "failed", problems: [problem] });
  });
});

describe("the check of a swarm without a leader", () => {
  it("fails with the engine's reason", async () => {
    const engine = scriptedEngine({
      ...HEALTHY_ENGINE,
      "/nodes": new EngineError("The swarm does not have a leader", 503),
    });
    expect((await checkSwarm(engine)).outcome).toEqual({
      kind: "failed",
      problems: [
        "vm cannot list the nodes (The swarm does not have a leader): start the other managers, because a majority of them must be reachable",
      ],
    });
  });
});

describe("the check of the base image", () => {
  const NO_LOGINS = { HOME: "/no/such/home" };
  const BASE = "/images/gitlab/gitlab-runner:v19.4.0/json";
  const settings = stackSettings();

  it("passes if the engine has both images", async () => {
    const engine = scriptedEngine(HEALTHY_ENGINE);
    const { outcome } = await checkBaseImage(settings, engine, NO_LOGINS, ignore);
    expect(outcome).toEqual({
      kind: "passed",
      text: "gitlab/gitlab-runner:v19.4.0 is on the engine, node:24.21.0-bookworm-slim is on the engine",
    });
    expect(engine.asked.map(({ path }) => path)).not.toContain(
      "/distribution/gitlab/gitlab-runner:v19.4.0/json",
    );
  });

  it("passes if the engine can read the manifest", async () => {
    const engine = scriptedEngine({
      ...HEALTHY_ENGINE,
      [BASE]: undefined,
      "/distribution/gitlab/gitlab-runner:v19.4.0/json": {},
    });
    const { outcome } = await checkBaseImage(settings, engine, NO_LOGINS, ignore);
    expect(outcome).toMatchObject({
      text: "gitlab/gitlab-runner:v19.4.0 can be pulled, node:24.21.0-bookworm-slim is on the engine",
    });
  });

  it("fails with the engine's reason otherwise", async () => {
    const engine = scriptedEngine({
      ...HEALTHY_ENGINE,
      [BASE]: undefined,
      "/distribution/gitlab/gitlab-runner:v19.4.0/json": new EngineError("manifest unknown", 404),
    });
    const { outcome } = await checkBaseImage(settings, engine, NO_LOGINS, ignore);
    expect(outcome).toEqual({
      kind: "failed",
      problems: [
        "the engine does not have gitlab/gitlab-runner:v19.4.0 (`baseImage`) and cannot pull it (manifest unknown): correct `baseImage`, log in to its registry with `docker login`, or load the image with `docker load`",
      ],
    });
  });

  it("sends the login of the settings only to the registry of the settings", async () => {
    const own = stackSettings({
      baseImage: "registry.example.com/mirror/gitlab-runner:v19.4.0",
      registry: JSON.stringify({
        address: "registry.example.com/ci",
        username: "ci",
        password: "a?>~password",
      }),
      nodeImage: "elsewhere.example.com/node:24",
    });
    const engine = scriptedEngine({
      "/distribution/registry.example.com/mirror/gitlab-runner:v19.4.0/json": {},
      "/distribution/elsewhere.example.com/node:24/json": {},
    });
    const { outcome } = await checkBaseImage(own, engine, NO_LOGINS, ignore);
    expect(outcome.kind).toBe("passed");
    const logins = engine.asked
      .filter(({ path }) => path.startsWith("/distribution/"))
      .map(({ headers }) => headers["x-registry-auth"]);
    // Padded and URL-safe, because the engine ignores any other encoding.
    const json = JSON.stringify({
      username: "ci",
      password: "a?>~password",
      serveraddress: "registry.example.com",
    });
    const expected = Buffer.from(json).toString("base64").replaceAll("+", "-").replaceAll("/", "_");
    expect(logins).toEqual([expected, undefined]);
  });
});

describe("the check of the network", () => {
  const OVERLAY = { Driver: "overlay", Scope: "swarm", Attachable: true };
  const check = async (network: string | undefined, networks: readonly object[]) => {
    const engine = scriptedEngine({ "/networks": networks });
    return (await checkNetworks(stackSettings({ network }), engine)).outcome;
  };

  it.each<[string, string | undefined, readonly object[], string]>([
    [
      "a new network without a subnet",
      undefined,
      [],
      "the pool creates gitlab-runner-pool-dev, and Docker chooses its subnet",
    ],
    [
      "a free subnet",
      '{"subnet":"10.20.0.0/20"}',
      [
        { Id: "n", Name: "a", ...OVERLAY, IPAM: { Config: [{ Subnet: "10.30.0.0/20" }] } },
        // The stack's own network, which exists after the first update.
        {
          ...{ Id: "o", Name: "gitlab-runner-pool-dev", ...OVERLAY },
          IPAM: { Config: [{ Subnet: "10.20.0.0/20" }] },
        },
      ],
      "10.20.0.0/20 is free for gitlab-runner-pool-dev",
    ],
    [
      "an existing attachable network",
      "ci",
      [{ Id: "n", Name: "ci", ...OVERLAY }],
      "ci is an attachable network of the swarm",
    ],
  ])("passes with %s", async (_, network, networks, text) => {
    expect(await check(network, networks)).toEqual({ kind: "passed", text });
  });

  it.each<[string, string, readonly object[], string]>([
    [
      "a missing network",
      "ci",
      [],
      '`network`: the swarm has no network "ci": create it with `docker network create --driver overlay --attachable ci`, or unset `network` to have one created',
    ],
    [
      "a bridge",
      "ci",
      [{ Id: "n", Name: "ci", Driver: "bridge", Scope: "local" }],
      '`network`: "ci" is not an attachable network of the swarm (driver bridge, scope local): choose another network',
    ],
    [
      "an overlay that is not attachable",
      "ci",
      [{ Id: "n", Name: "ci", ...OVERLAY, Attachable: false }],
      '`network`: "ci" is not an attachable network of the swarm (driver overlay, scope swarm): choose another network',
    ],
    [
      "a subnet of another network",
      '{"subnet":"10.20.0.0/20"}',
      [{ Id: "n", Name: "other", ...OVERLAY, IPAM: { Config: [{ Subnet: "10.20.8.0/24" }] } }],
      "`network.subnet` 10.20.0.0/20 of network gitlab-runner-pool-dev overlaps 10.20.8.0/24 of network other: choose another subnet, or unset it to let Docker choose a free one",
    ],
  ])("fails with %s", async (_, network, networks, problem) => {
    expect(await check(network, networks)).toEqual({ kind: "failed", problems: [problem] });
  });

  it("checks the further networks of each pool", async () => {
    const found = { Id: "n", Name: "proxy", ...OVERLAY };
    const bridge = { Id: "b", Name: "bridge", Driver: "bridge", Scope: "local" };
    const outcomeOf = async (networks: string) => {
      const engine = scriptedEngine({ "/networks": [found, bridge] });
      return (await checkNetworks(stackSettings({ networks }), engine)).outcome;
    };
    expect(await outcomeOf("proxy")).toEqual({
      kind: "passed",
      text: "the pool creates gitlab-runner-pool-dev, and Docker chooses its subnet; proxy is an attachable network of the swarm",
    });
    expect(await outcomeOf("proxy,bridge,away")).toEqual({
      kind: "failed",
      problems: [
        '`networks`: "bridge" is not an attachable network of the swarm (driver bridge, scope local): choose another network',
        '`networks`: the swarm has no network "away": create it with `docker network create --driver overlay --attachable away`, or remove it from `networks`',
      ],
    });
  });

  it("names the pool if there are several", async () => {
    const settings = stackSettings({ pools: '{"big":{"network":"ci"}}' });
    const { outcome } = await checkNetworks(settings, scriptedEngine({ "/networks": [] }));
    expect(outcome).toMatchObject({
      problems: [
        expect.stringMatching(/^pool big: `pools\.big\.network`: the swarm has no network "ci"/),
      ],
    });
  });
});
