import { networkInterfaces } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/** What Docker's DNS returns for a container that is a task of a swarm service. */
export interface SwarmTask {
  readonly service: string;
  readonly slot: string;
}

/**
 * Longest wait for Docker's DNS. It runs on the same machine, but forwards queries that it cannot
 * answer.
 */
const DNS_TIMEOUT_MS = 1_000;

/** How long Swarm may take to add a new container to its DNS, and the pause between two queries. */
const APPEAR_MS = 3_000;
const PAUSE_MS = 50;

/**
 * Finds the swarm task of this container by its address on an overlay network.
 * @returns undefined if the container is not a task, or DNS does not know it
 */
export async function findTask(): Promise<SwarmTask | undefined> {
  const addresses = outerAddresses();
  // A container on an overlay network also has a network to its node. With only one network, it is
  // not a task or not in DNS.
  const deadlineMs = performance.now() + (addresses.length > 1 ? APPEAR_MS : 0);
  for (;;) {
    const names = await Promise.all(addresses.map(resolveNames));
    const [task] = names.flat().flatMap((name) => parseTaskName(name) ?? []);
    if (task !== undefined || performance.now() >= deadlineMs) return task;
    await sleep(PAUSE_MS);
  }
}

function outerAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal, family }) => !internal && family === "IPv4")
    .map(({ address }) => address);
}

async function resolveNames(address: string): Promise<readonly string[]> {
  const { Resolver } = await import("node:dns/promises");
  const resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: 1 });
  const query = `${address.split(".").reverse().join(".")}.in-addr.arpa`;
  // `dns.reverse` would look into /etc/hosts first, which holds the container's own name.
  return resolver.resolvePtr(query).catch(() => []);
}

/** Reads `SERVICE.SLOT.TASKID.NETWORK`. */
export function parseTaskName(name: string): SwarmTask | undefined {
  const [, service, slot] = /^(.+)\.([1-9]\d*)\.[0-9a-z]{25}\..+$/.exec(name) ?? [];
  return service === undefined || slot === undefined ? undefined : { service, slot };
}
