import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import execa from "execa";
import { eventually } from "./eventually";

/** Names and addresses of a swarm. Two swarms can run at the same time if theirs differ. */
export interface Site {
  /** Prefix of the nodes' names. */
  readonly prefix: string;
  readonly bridge: string;
  /**
   * The host's address on the bridge, which ends with `.1`. A server that listens on all addresses
   * is reachable there from every node.
   */
  readonly hostAddress: string;
}

/** Where swarms of three run by default. */
export const SITE: Site = { prefix: "grpn", bridge: "grpbr0", hostAddress: "10.213.0.1" };

/** Where a second swarm of three runs. */
export const SECOND_SITE: Site = { prefix: "grpp", bridge: "grpbr1", hostAddress: "10.213.1.1" };

const START_TIMEOUT_MS = 60_000;

/** With Swarm's default of 5 s, it would move the replicas of an engine that restarts slowly. */
const HEARTBEAT_NS = 60_000_000_000;

export interface Node {
  readonly name: string;
  readonly address: string;
  readonly hostAddress: string;
  readonly folder: string;
  readonly socket: string;
  readonly docker: Docker;
}

/**
 * A real swarm of three engines on this machine. Each engine has its own data root and its own
 * network namespace on one bridge. The first is the manager node, the only one that the provider
 * talks to.
 */
export class ThreeNodes implements AsyncDisposable {
  private constructor(
    private readonly site: Site,
    readonly manager: Node,
    readonly workers: readonly [Node, Node],
  ) {}

  get nodes(): readonly Node[] {
    return [this.manager, ...this.workers];
  }

  static async start(site: Site = SITE): Promise<ThreeNodes> {
    await removeLeftovers(site);
    await createBridge(site);
    const [manager, ...workers] = await Promise.all([
      startNode(site, 1),
      startNode(site, 2),
      startNode(site, 3),
    ]);
    const swarm = new ThreeNodes(site, manager, workers);
    await swarm.join();
    return swarm;
  }

  private async join(): Promise<void> {
    const { manager } = this;
    await manager.docker.swarmInit({
      ListenAddr: `${manager.address}:2377`,
      AdvertiseAddr: manager.address,
      Spec: { Dispatcher: { HeartbeatPeriod: HEARTBEAT_NS } },
    });
    const { JoinTokens } = (await manager.docker.swarmInspect()) as {
      JoinTokens: { Worker: string };
    };
    for (const node of this.workers) {
      await node.docker.swarmJoin({
        ListenAddr: `${node.address}:2377`,
        AdvertiseAddr: node.address,
        RemoteAddrs: [`${manager.address}:2377`],
        JoinToken: JoinTokens.Worker,
      });
    }
    await eventually(async () => (await manager.docker.listNodes()).length === this.nodes.length, {
      what: "three nodes in the swarm",
      timeoutMs: START_TIMEOUT_MS,
    });
  }

  /** Makes nodes available to Swarm, or not. @default all nodes */
  async setAvailability(
    availability: "active" | "drain",
    nodes: readonly Node[] = this.nodes,
  ): Promise<void> {
    for (const { docker } of nodes) {
      const { Swarm } = (await docker.info()) as { readonly Swarm: { readonly NodeID: string } };
      const update = ["node", "update", "--availability", availability, Swarm.NodeID];
      await run("docker", "-H", `unix://${this.manager.socket}`, ...update);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.nodes.map(removeNode));
    await removeBridge(this.site);
  }
}

/** Removes the engines and the network that an interrupted run left behind. */
async function removeLeftovers({ prefix, ...site }: Omit<Site, "hostAddress">): Promise<void> {
  const folders = (await readdir(tmpdir())).filter((name) =>
    new RegExp(`^${prefix}\\d-`).test(name),
  );
  for (const folder of folders.map((name) => join(tmpdir(), name))) {
    const pid = Number(await readFile(join(folder, "pid"), "utf8").catch(() => "0"));
    if (pid > 0 && isAlive(pid)) await stopEngine({ name: folder, folder });
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 300 });
  }
  const listed = await run("ip", "netns", "list");
  const names = listed.split("\n").flatMap((line) => new RegExp(`^${prefix}\\d+`).exec(line) ?? []);
  for (const name of names) await run("ip", "netns", "delete", name);
  if (existsSync(`/sys/class/net/${site.bridge}`)) await removeBridge(site);
}

async function removeBridge({ bridge }: Pick<Site, "bridge">): Promise<void> {
  await run("ip", "link", "delete", bridge);
  for (const direction of ["-i", "-o"]) {
    await run("iptables", "-D", "FORWARD", direction, bridge, "-j", "ACCEPT");
  }
}

async function createBridge({ bridge, hostAddress }: Site): Promise<void> {
  await run("ip", "link", "add", bridge, "type", "bridge");
  await run("ip", "address", "add", `${hostAddress}/24`, "dev", bridge);
  await run("ip", "link", "set", bridge, "up");
  for (const direction of ["-i", "-o"]) {
    // Docker's FORWARD policy is DROP, so without these rules the joins time out.
    await run("iptables", "-I", "FORWARD", direction, bridge, "-j", "ACCEPT");
  }
}

async function startNode(site: Site, n: number): Promise<Node> {
  const name = `${site.prefix}${n}`;
  const address = site.hostAddress.replace(/1$/, String(n + 1));
  const folder = await mkdtemp(join(tmpdir(), `${name}-`));
  const socket = join(folder, "docker.sock");
  await createNamespace(site, name, address);
  const node = {
    name,
    address,
    hostAddress: site.hostAddress,
    folder,
    socket,
    docker: new Docker({ socketPath: socket }),
  };
  await startEngine(node);
  return node;
}

/** Starts or restarts the engine of a node. */
export async function startEngine({
  name,
  hostAddress,
  folder,
  socket,
  docker,
}: Node): Promise<void> {
  // `ip netns exec` would remount /sys and hide the cgroups.
  await execa("sh", [
    "-c",
    `setsid nsenter --net=/run/netns/${name} unshare -m dockerd --data-root ${folder}/data --exec-root ${folder}/exec ` +
      `--pidfile ${folder}/pid -H unix://${socket} --insecure-registry ${hostAddress}/24 ` +
      `>> ${folder}/log 2>&1 < /dev/null &`,
  ]);
  await eventually(() => docker.info() as Promise<object>, {
    what: `the engine of ${name} (log: ${folder}/log)`,
    timeoutMs: START_TIMEOUT_MS,
  });
}

/** Stops or kills the engine of a node. Its files remain. */
export async function stopEngine(
  { name, folder }: Pick<Node, "name" | "folder">,
  signal: "SIGTERM" | "SIGKILL" = "SIGTERM",
): Promise<void> {
  const pid = Number(await readFile(join(folder, "pid"), "utf8"));
  process.kill(pid, signal);
  await eventually(() => !isAlive(pid), {
    what: `the engine of ${name} to end`,
    timeoutMs: START_TIMEOUT_MS,
  });
}

async function createNamespace(
  { bridge, hostAddress }: Site,
  name: string,
  address: string,
): Promise<void> {
  await run("ip", "netns", "add", name);
  await run("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name);
  await run("ip", "link", "set", name, "master", bridge, "up");
  const inside = ["-n", name];
  await run("ip", ...inside, "link", "set", "lo", "up");
  await run("ip", ...inside, "address", "add", `${address}/24`, "dev", "eth0");
  await run("ip", ...inside, "link", "set", "eth0", "up");
  await run("ip", ...inside, "route", "add", "default", "via", hostAddress);
}

async function removeNode(node: Node): Promise<void> {
  await node.docker.swarmLeave({ force: true }).catch(() => undefined);
  await stopEngine(node);
  await run("ip", "netns", "delete", node.name);
  // containerd releases its mounts a moment later.
  await sleep(500);
  await rm(node.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 300 });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** @returns the standard output */
async function run(command: string, ...args: string[]): Promise<string> {
  return (await execa(command, args)).stdout;
}
