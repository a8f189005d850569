import type Docker from "dockerode";
import { eventually } from "../eventually";
import type { NamedResource } from "./state-file";
import { removers } from "./recover";

/** How long replicas may take to exit on their own when they cannot reach GitLab. */
const LEAVE_TIMEOUT_MS = 60_000;
const NETWORK_TIMEOUT_MS = 20_000;

/**
 * Removes a stack's objects in Docker without Pulumi, for when GitLab, the registry or the plugins
 * are missing. Running jobs have a minute to finish.
 * @returns what it could not remove, one clause each
 */
export async function removeDirectly(
  docker: Docker,
  resources: readonly NamedResource[],
): Promise<string[]> {
  const failures: string[] = [];
  for (const [type, remove] of Object.entries(removers)) {
    for (const { name } of resources.filter((resource) => resource.type === type)) {
      const isNetwork = type.startsWith("docker:index/network");
      await eventually(() => remove(docker, name).then(() => true), {
        what: name,
        timeoutMs: isNetwork ? NETWORK_TIMEOUT_MS : 1_000,
        intervalMs: 1_000,
      }).catch((error: unknown) => {
        failures.push(`${name}: ${describeReason(error)}`);
      });
      if (type.startsWith("docker:index/service:")) await untilGone(docker, name);
    }
  }
  return failures;
}

/** Waits for the containers of a removed service, and kills those that do not exit. */
async function untilGone(docker: Docker, service: string): Promise<void> {
  const filters = { label: [`com.docker.swarm.service.name=${service}`] };
  const list = (): Promise<Docker.ContainerInfo[]> => docker.listContainers({ all: true, filters });
  await eventually(async () => (await list()).length === 0, {
    what: `the replicas of ${service} to exit`,
    timeoutMs: LEAVE_TIMEOUT_MS,
    intervalMs: 500,
  }).catch(async () => {
    for (const { Id } of await list().catch(() => [])) {
      await docker
        .getContainer(Id)
        .remove({ force: true })
        .catch(() => undefined);
    }
  });
}

function describeReason(error: unknown): string {
  const { cause } = error as { readonly cause?: unknown };
  return cause instanceof Error ? cause.message : String(cause ?? error);
}
