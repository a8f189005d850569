import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import execa from "execa";
import type { PlatformFacts } from "../../dev/facts";
import { eventually } from "./eventually";
import { RegistryGate } from "./registry-gate";
import { stopEngine } from "./three-nodes";

const START_MS = 60_000;

/**
 * A swarm of one engine in its own network namespace, from which nothing but a registry and the
 * ports that are opened on this machine can be reached. A firewall rejects and counts everything
 * else.
 */
export interface ClosedNode extends AsyncDisposable {
  /** Platform for `createPool`. */
  readonly platform: PlatformFacts;
  readonly docker: Docker;
  /** This machine's address for the node. */
  readonly host: string;
  /** Another address of this machine, which the node cannot reach. */
  readonly other: string;
  /** The node's own address. */
  readonly address: string;
  /** File with the engine's log. */
  readonly logFile: string;
  /** Opens a port of this machine to the node. */
  open(port: number): Promise<void>;
  /** Closes it again. */
  close(port: number): Promise<void>;
  /** Counts the packets that the firewall has rejected. */
  countRejected(): Promise<number>;
  /** Lists the command lines of all processes in the node's network and its containers. */
  listArguments(): Promise<readonly string[]>;
}

/** @param images names of images that the node gets from the local engine */
export async function startClosedNode(
  local: PlatformFacts,
  images: readonly string[],
): Promise<ClosedNode> {
  const n = process.pid % 250;
  const [name, host, address, other] = [`grpc${n}`, ...[1, 2, 5].map((d) => `10.214.${n}.${d}`)];
  if (host === undefined || address === undefined || other === undefined) throw new Error("no");
  const folder = await mkdtemp(join(tmpdir(), `${name}-`));
  const socket = join(folder, "docker.sock");
  await removeNamespace(name);
  await createNamespace({ name, host, address, other });
  const docker = new Docker({ socketPath: socket });
  await startEngine(name, folder, host, docker);
  const gate = await RegistryGate.open(local.registry);
  await setRule("-I", name, gate.port);
  await docker.swarmInit({ ListenAddr: `${address}:2377`, AdvertiseAddr: address });
  const dockerHost = `unix://${socket}`;
  for (const image of images) {
    await execa("sh", ["-c", 'docker save "$1" | docker -H "$2" load', "", image, dockerHost]);
  }
  return {
    ...{ docker, host, other, address },
    logFile: join(folder, "log"),
    platform: {
      ...local,
      dockerHost,
      hostAddress: host,
      registry: `http://${host}:${gate.port}/e2e-closed-node`,
      pulumiEnv: { ...local.pulumiEnv, DOCKER_HOST: dockerHost },
    },
    open: (port) => setRule("-I", name, port),
    close: (port) => setRule("-D", name, port),
    async countRejected() {
      const { stdout } = await execa("iptables", ["-w", "-nvxL", name]);
      return Number(/^\s*(\d+)\s+\d+\s+REJECT/m.exec(stdout)?.[1]);
    },
    async listArguments() {
      const { stdout } = await execa("ip", ["netns", "pids", name]);
      const containers = await docker.listContainers();
      const tops = await Promise.all(
        containers.map(async ({ Id }) => {
          const { Processes } = (await docker
            .getContainer(Id)
            .top({ ps_args: "-eo pid,args" })) as {
            readonly Processes: readonly (readonly string[])[];
          };
          return Processes.map((row) => row.join(" "));
        }),
      );
      const own = stdout
        .split("\n")
        .map((pid) => readFile(`/proc/${pid.trim()}/cmdline`, "utf8").catch(() => ""));
      return [
        ...(await Promise.all(own)).map((text) => text.replaceAll("\0", " ")),
        ...tops.flat(),
      ];
    },
    async [Symbol.asyncDispose]() {
      await docker.swarmLeave({ force: true }).catch(() => undefined);
      await stopEngine({ name, folder });
      await gate[Symbol.asyncDispose]();
      await removeNamespace(name);
      // containerd releases its mounts a moment later.
      await sleep(500);
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 300 });
    },
  };
}

interface Addresses {
  readonly name: string;
  readonly host: string;
  readonly address: string;
  readonly other: string;
}

/** Connects the namespace to this machine. It has no route to anything else. */
async function createNamespace({ name, host, address, other }: Addresses): Promise<void> {
  const inside = ["-n", name];
  await run("ip", "netns", "add", name);
  await run("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name);
  await run("ip", "address", "add", `${host}/30`, "dev", name);
  await run("ip", "address", "add", `${other}/32`, "dev", name);
  await run("ip", "link", "set", name, "up");
  await run("ip", ...inside, "link", "set", "lo", "up");
  await run("ip", ...inside, "address", "add", `${address}/30`, "dev", "eth0");
  await run("ip", ...inside, "link", "set", "eth0", "up");
  // dockerd needs a route, and the firewall counts what would take it.
  await run("ip", ...inside, "route", "add", "default", "via", host);
  await run("iptables", "-w", "-N", name);
  await run("iptables", "-w", "-A", name, "-j", "REJECT");
  for (const chain of ["INPUT", "FORWARD"]) {
    await run("iptables", "-w", "-I", chain, "-i", name, "-j", name);
  }
}

/** Removes the namespace and its firewall, also if an interrupted run left only some of it. */
async function removeNamespace(name: string): Promise<void> {
  const tryTo = (...command: [string, ...string[]]) => run(...command).catch(() => undefined);
  for (const chain of ["INPUT", "FORWARD"]) {
    await tryTo("iptables", "-w", "-D", chain, "-i", name, "-j", name);
  }
  await tryTo("iptables", "-w", "-F", name);
  await tryTo("iptables", "-w", "-X", name);
  await tryTo("ip", "link", "delete", name);
  await tryTo("ip", "netns", "delete", name);
}

/** Lets the node reach a port of this machine, or no longer. */
function setRule(change: "-I" | "-D", name: string, port: number): Promise<void> {
  const port_ = ["-p", "tcp", "--dport", String(port)];
  return run("iptables", "-w", change, name, ...port_, "-j", "ACCEPT");
}

async function startEngine(name: string, folder: string, host: string, docker: Docker) {
  // `ip netns exec` would remount /sys and hide the cgroups.
  await execa("sh", [
    "-c",
    `setsid nsenter --net=/run/netns/${name} unshare -m dockerd --data-root ${folder}/data --exec-root ${folder}/exec ` +
      `--pidfile ${folder}/pid -H unix://${folder}/docker.sock --insecure-registry ${host}/32 ` +
      `>> ${folder}/log 2>&1 < /dev/null &`,
  ]);
  await eventually(() => docker.info() as Promise<object>, {
    what: `the engine of ${name} (log: ${folder}/log)`,
    timeoutMs: START_MS,
  });
}

async function run(command: string, ...args: string[]): Promise<void> {
  await execa(command, args);
}
