import type Docker from "dockerode";
import { eventually } from "./eventually";
import { listContainers } from "./swarm";

const RESTART_TIMEOUT_MS = 60_000;

/**
 * Removes the image of a service's only replica on a node, and kills the replica. Swarm starts
 * another one there, for which the node must pull the image.
 * @param docker the engine of the node
 * @param registry `HOST:PORT` of the image
 */
export async function pullAgain(docker: Docker, service: string, registry: string): Promise<void> {
  const [replica, ...others] = await listContainers(docker, service);
  if (replica === undefined || others.length > 0) throw new Error("the node needs one replica");
  await forgetImages(docker, registry);
  await docker.getContainer(replica.Id).kill();
  await eventually(
    async () =>
      (await listContainers(docker, service)).some(
        ({ Id, State }) => Id !== replica.Id && State === "running",
      ),
    {
      what: `a new replica of ${service}, whose image the node must pull`,
      timeoutMs: RESTART_TIMEOUT_MS,
    },
  );
}

/** Removes the names of a registry's images. The same images may have other names. */
async function forgetImages(docker: Docker, registry: string): Promise<void> {
  const list = () => docker.listImages({ filters: { reference: [`${registry}/*/*`] } });
  // The last tag of a repository takes its digests along.
  for (const name of (await list()).flatMap(({ RepoTags }) => RepoTags ?? [])) {
    if (name.startsWith(registry)) await docker.getImage(name).remove({ force: true });
  }
  for (const name of (await list()).flatMap(({ RepoDigests }) => RepoDigests ?? [])) {
    if (name.startsWith(registry)) await docker.getImage(name).remove({ force: true });
  }
  const left = await list();
  if (left.length > 0) throw new Error(`the node still has ${JSON.stringify(left)}`);
}
