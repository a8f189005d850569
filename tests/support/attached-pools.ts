import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import { removePlaces } from "../../dev/places";
import { eventually } from "./eventually";
import { startDnsStub, type DnsStub } from "./dns-stub";
import { createPool, type PoolFixture } from "./pool-fixture";

/** The name of GitLab that only `extraHosts` of the default pool resolves. */
const NAME_IN_HOSTS = "gitlab.hosts.test";

/** The name of GitLab in the domain that only the DNS server of the pool `dns` knows. */
const NAME_IN_DNS = "gitlab-of-dns";
export const DOMAIN = "dns.test";

/** A GitLab that three pools reach in different ways. Each pool has a runner with its own tag. */
export interface AttachedPools extends AsyncDisposable {
  readonly pool: PoolFixture;
  readonly dns: DnsStub;
  /** Name of a container in the further network of the pools, which forwards to GitLab. */
  readonly gate: string;
}

/** Nothing is deployed yet. */
export async function createAttachedPools(): Promise<AttachedPools> {
  const pool = await createPool({
    settings: { replicas: 1, executor: "shell", docker: undefined, onlineTimeout: "100s" },
    withoutToken: true,
  });
  const { stack, gitlab, gitlabUrl, docker, platform } = pool;
  const { hostAddress, images } = platform;
  const { port } = new URL(gitlabUrl);
  const dns = await startDnsStub(hostAddress, { [`${NAME_IN_DNS}.${DOMAIN}`]: hostAddress });
  const [outer, inner] = [`${stack.stack}-outer`, `${stack.stack}-inner`];
  const gate = `${stack.stack}-gate`;
  await docker.createNetwork({ Name: outer, Driver: "overlay", Attachable: true });
  await docker.createNetwork({ Name: inner, Driver: "overlay", Attachable: true, Internal: true });
  const relay = await startGate(docker, gate, images.job, [outer, inner], {
    host: hostAddress,
    port,
  });
  const folder = await mkdtemp(join(tmpdir(), "mounted-"));
  // Jobs run as another user.
  await chmod(folder, 0o755);
  await writeFile(join(folder, "note"), "from the node\n");
  const tokenOf = async (tag: string) => (await gitlab.createRunner({ tags: [tag] })).token;
  await stack.configure({
    token: await tokenOf("hosts"),
    gitlabUrl: `http://${NAME_IN_HOSTS}:${port}`,
    extraHosts: `${NAME_IN_HOSTS}:${hostAddress}`,
    networks: outer,
    mounts: JSON.stringify([
      `${folder}:/mnt/note:ro`,
      { type: "tmpfs", target: "/mnt/memory", size: "1m" },
    ]),
    pools: JSON.stringify({
      dns: {
        ...{ token: await tokenOf("dns"), gitlabUrl: `http://${NAME_IN_DNS}:${port}` },
        ...{ dns: [hostAddress], dnsSearch: [DOMAIN], dnsOptions: ["ndots:2", "timeout:2"] },
        ...{ extraHosts: [], mounts: [] },
      },
      inside: {
        ...{ token: await tokenOf("inside"), gitlabUrl: `http://${gate}:${port}` },
        ...{ network: { internal: true, mtu: 1400 }, networks: [inner] },
        ...{ extraHosts: [], mounts: [] },
      },
    }),
  });
  return {
    ...{ pool, dns, gate },
    async [Symbol.asyncDispose]() {
      await stack.destroy();
      await relay.remove({ force: true });
      for (const name of [outer, inner]) await removeNetwork(docker, name);
      for (const name of ["dns", "inside"]) {
        await removePlaces(docker, `${stack.serviceName}-${name}`);
      }
      await dns[Symbol.asyncDispose]();
      await pool[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

/** Starts a container that forwards connections to GitLab, and attaches it to networks. */
async function startGate(
  docker: Docker,
  name: string,
  image: string,
  networks: readonly string[],
  { host, port }: { readonly host: string; readonly port: string },
): Promise<Docker.Container> {
  const container = await docker.createContainer({
    ...{ name, Image: image },
    // Serves one connection after another, in a process for each.
    Cmd: ["nc", "-ll", "-p", port, "-e", "nc", host, port],
  });
  await container.start();
  for (const network of networks) {
    await docker.getNetwork(network).connect({ Container: container.id });
  }
  return container;
}

/** Removes a network. Swarm notices only after a moment that a container has left it. */
function removeNetwork(docker: Docker, name: string): Promise<true> {
  const remove = () =>
    docker
      .getNetwork(name)
      .remove()
      .then(
        () => true as const,
        () => false as const,
      );
  return eventually(remove, { what: `network ${name} to be unused`, timeoutMs: 30_000 });
}
