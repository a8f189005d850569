import type { PoolFixture } from "../support/pool-fixture";
import { listContainers } from "../support/swarm";

/** What Docker and GitLab still have of a pool, in words. */
export async function findLeftovers({ docker, gitlab, stack }: PoolFixture): Promise<string[]> {
  const [services, secrets, networks, containers, managers] = await Promise.all([
    docker.listServices(),
    docker.listSecrets() as unknown as Promise<readonly { readonly Spec?: { Name?: string } }[]>,
    docker.listNetworks(),
    listContainers(docker, stack.serviceName),
    gitlab.managers({}),
  ]);
  const named: [string, string | undefined][] = [
    ...services.map(({ Spec }): [string, string | undefined] => ["service", Spec?.Name]),
    ...secrets.map(({ Spec }): [string, string | undefined] => ["secret", Spec?.Name]),
    ...networks.map(({ Name }): [string, string | undefined] => ["network", Name]),
  ];
  return [
    ...named.flatMap(([kind, name = ""]) =>
      name.includes(stack.stack) ? [`${kind} ${name}`] : [],
    ),
    ...containers.map(({ Id, State }) => `container ${Id} (${State})`),
    ...managers.map(({ systemId }) => `manager ${systemId}`),
  ];
}
