import type Docker from "dockerode";
import { getPlacesVolume } from "../contract/swarm";

/**
 * Removes the volumes in which a stack's replicas kept their places. Volumes that are in use stay.
 */
export async function removePlaces(docker: Docker, service: string): Promise<void> {
  const { Volumes } = await docker.listVolumes({ filters: { name: [service] } });
  for (const { Name } of Volumes) {
    // The default pool has the service's name. The names of additional pools begin with it.
    const isMine = Name.startsWith(`${service}-`) && Name.endsWith(getPlacesVolume(""));
    if (!isMine) continue;
    await docker.getVolume(Name).remove().catch(ignoreUsed);
  }
}

function ignoreUsed(error: unknown): void {
  const { statusCode } = error as { readonly statusCode?: number };
  if (statusCode !== 404 && statusCode !== 409) throw error;
}
