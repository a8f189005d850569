import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import Docker from "dockerode";
import { type PlatformFacts, readFacts } from "../../dev/facts";
import { type AddressPool, findGateway } from "../../dev/host-address";
import { removeJobObjects } from "../../dev/job-objects";
import { removePlaces } from "../../dev/places";
import { PoolStack } from "../../dev/pulumi/pool-stack";
import { type Gitlab, startGitlab } from "../../fake-gitlab";
import { eventually } from "./eventually";
import { GitServer } from "./git-server";
import { createIpv6Network, type Ipv6Network } from "./ipv6-network";
import { localSettings } from "./pool-fixture";
import { makeServerCertificate, type ServerCertificate } from "./server-certificate";

const SWITCHES = { longPollSeconds: 0, traceIntervalSeconds: 1 };

/** A GitLab and the token of its runner. */
export interface AddressedGitlab {
  readonly gitlab: Gitlab;
  readonly url: string;
  readonly token: string;
}

/**
 * A stack with a pool for each GitLab, and a repository with the file `address.txt`. All servers
 * use TLS. Nothing is deployed yet.
 */
export interface AddressPools extends AsyncDisposable {
  readonly platform: PlatformFacts;
  readonly docker: Docker;
  readonly stack: PoolStack;
  /** Of the default pool: on a port, below a path. Serves the repository. */
  readonly subPath: AddressedGitlab;
  /** Of the pool `ipv6`: on IPv6, without a port. Serves the repository. */
  readonly ipv6: AddressedGitlab;
  /** Of the pool `mirror`, whose jobs clone from another address. Has no repository. */
  readonly withoutGit: AddressedGitlab;
  /**
   * Server of that other address, which has a port and a path. Another CA issued its certificate;
   * only the pool `mirror` trusts it.
   */
  readonly mirror: GitServer;
  readonly cloneUrl: string;
  /** The commit in the repository. */
  readonly sha: string;
}

export async function createAddressPools(): Promise<AddressPools> {
  const platform = await readFacts();
  const docker = new Docker({ socketPath: platform.dockerHost.slice("unix://".length) });
  const network = await createIpv6Network(docker, platform.images.job);
  const otherAddress = await readOtherAddress(docker);
  const tls = await makeServerCertificate(platform.hostAddress, network.gateway);
  const mirrorTls = await makeServerCertificate(otherAddress);
  const mirror = await GitServer.start([], mirrorTls);
  await writeFile(join(mirror.folder, "address.txt"), "from the repository\n");
  const sha = await mirror.commit("An address", "main");

  const subPath = await startOn(platform.hostAddress, 0, tls, "/gitlab");
  const ipv6 = await startOn(network.gateway, 443, tls);
  const withoutGit = await startOn(platform.hostAddress, 0, tls);
  for (const { gitlab } of [subPath, ipv6]) {
    gitlab.instance.repositories.set("ci/demo", join(mirror.folder, ".git"));
  }
  const cloneUrl = `${mirror.urlOn(otherAddress)}git`;
  const stack = await PoolStack.create({
    platform,
    config: {
      ...localSettings(platform, subPath.url),
      ...{ replicas: 1, concurrent: 2, token: subPath.token, caCertificate: tls.ca },
      pools: {
        ipv6: { ...connection(ipv6), network: network.name, docker: jobsIn(network) },
        mirror: {
          ...connection(withoutGit),
          cloneUrl,
          // gitlab-runner passes this file to Git for the other address, too.
          caCertificate: `${tls.ca}${mirrorTls.ca}`,
        },
      },
    },
  });

  return {
    ...{ platform, docker, stack, subPath, ipv6, withoutGit, mirror, cloneUrl, sha },
    async [Symbol.asyncDispose]() {
      await stack[Symbol.asyncDispose]();
      await removePlaces(docker, stack.serviceName);
      for (const { gitlab, url } of [subPath, ipv6, withoutGit]) {
        await removeJobObjects(docker, url);
        await gitlab.stop();
      }
      await network[Symbol.asyncDispose]();
      await mirror[Symbol.asyncDispose]();
    },
  };
}

const connection = ({ url, token }: AddressedGitlab): object => ({ gitlabUrl: url, token });

const jobsIn = ({ name }: Ipv6Network): object => ({ networkMode: name });

/** Starts a GitLab on one address. A new address can be used a moment later. */
async function startOn(
  address: string,
  port: number,
  tls: ServerCertificate,
  path = "",
): Promise<AddressedGitlab> {
  const gitlab = await eventually(
    () => startGitlab({ host: address, port, tls, switches: SWITCHES }).catch(unlessUnavailable),
    { what: `the address ${address}`, timeoutMs: 20_000 },
  );
  const url = new URL(gitlab.url).origin + path;
  gitlab.instance.externalUrl = url;
  return { gitlab, url, token: (await gitlab.createRunner({ runUntagged: true })).token };
}

function unlessUnavailable(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== "EADDRNOTAVAIL") throw error;
}

/** An address of this machine other than the platform's own, for containers. */
async function readOtherAddress(docker: Docker): Promise<string> {
  const { IPAM } = (await docker.getNetwork("docker_gwbridge").inspect()) as {
    readonly IPAM: { readonly Config: readonly AddressPool[] };
  };
  const address = IPAM.Config.map(findGateway).find((one) => one !== undefined);
  if (address === undefined) throw new Error("docker_gwbridge has no IPv4 address");
  return address;
}
