import { eventually } from "../../dev/eventually";
import type { Bench } from "../bench";

const TIMEOUT_MS = 60_000;

export async function createOverlay({ commands }: Bench, name: string): Promise<void> {
  await commands.run("docker", ["network", "create", "--driver", "overlay", "--attachable", name]);
}

/** Removes a network as soon as no task uses it. */
export async function removeNetwork({ docker }: Bench, name: string): Promise<void> {
  await eventually(
    async () => {
      await docker.getNetwork(name).remove().catch(ignoreMissing);
      return true;
    },
    { what: `the tasks on network ${name} to end`, timeoutMs: TIMEOUT_MS, intervalMs: 500 },
  );
}

/** Swarm lists a network for a moment after removing it. */
function ignoreMissing(error: unknown): void {
  if ((error as { readonly statusCode?: number }).statusCode !== 404) throw error;
}
