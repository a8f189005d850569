import type { PoolFixture } from "../tests/support/pool-fixture";
import { listContainers } from "../tests/support/swarm";

/**
 * gitlab-runner labels everything that it creates for a job with the system ID of its replica.
 */
const SYSTEM_ID = "com.gitlab.gitlab-runner.runner.system_id";

/**
 * Describes everything that Docker and GitLab still hold for a pool.
 * @param systemIds system IDs of all replicas that the pool has had
 */
export async function findLeftovers(
  { docker, gitlab, stack }: PoolFixture,
  systemIds: readonly string[],
): Promise<string[]> {
  const [services, secrets, configs, networks, containers, managers, ofJobs] = await Promise.all([
    docker.listServices(),
    docker.listSecrets() as unknown as Promise<readonly { readonly Spec?: { Name?: string } }[]>,
    docker.listConfigs(),
    docker.listNetworks(),
    listContainers(docker, stack.serviceName),
    gitlab.managers({}),
    docker.listContainers({ all: true, filters: { label: [SYSTEM_ID] } }),
  ]);
  const named: [string, string | undefined][] = [
    ...services.map(({ Spec }): [string, string | undefined] => ["service", Spec?.Name]),
    ...secrets.map(({ Spec }): [string, string | undefined] => ["secret", Spec?.Name]),
    ...configs.map(({ Spec }): [string, string | undefined] => ["config", Spec?.Name]),
    ...networks.map(({ Name }): [string, string | undefined] => ["network", Name]),
  ];
  return [
    ...named.flatMap(([kind, name = ""]) =>
      name.includes(stack.stack) ? [`${kind} ${name}`] : [],
    ),
    ...containers.map(({ Id, State }) => `container ${Id} (${State})`),
    ...ofJobs
      .filter(({ Labels }) => systemIds.includes(Labels[SYSTEM_ID] ?? ""))
      .map(({ Names, State }) => `container ${Names[0] ?? ""} of a job (${State})`),
    ...managers.map(({ systemId }) => `manager ${systemId}`),
  ];
}
