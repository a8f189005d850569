import { tmpdir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import { withLock } from "../../dev/lock";

/** The name of the network that this project's compose files expect. */
const NAME = "primary-network";

/** Lock of the one test that uses the network, and how long the other tests wait for it. */
const LOCK = join(tmpdir(), "gitlab-runner-pool-primary-network.lock");
const WAIT_MS = 240_000;

/** Runs `use` while that network exists. A network that existed before is kept. */
export async function withPrimaryNetwork(docker: Docker, act: () => Promise<void>): Promise<void> {
  await withLock(LOCK, { waitMs: WAIT_MS, what: "uses the network primary-network" }, async () => {
    const found = await docker.listNetworks({ filters: { name: [NAME] } });
    const made = found.some(({ Name }) => Name === NAME)
      ? undefined
      : await docker.createNetwork({ Name: NAME, Driver: "overlay", Attachable: true });
    try {
      await act();
    } finally {
      await made?.remove();
    }
  });
}
