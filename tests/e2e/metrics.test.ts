import type Docker from "dockerode";
import { describe, expect, it } from "@jest/globals";
import { createPool, managersSettle } from "../support/pool-fixture";

/** Twice the interval of the health check. Without the addresses, the script prints nothing. */
const MAX_WAIT_SECONDS = 90;

describe("a pool with a listen address", () => {
  it("serves the metrics of each replica to a container in its network", async () => {
    await using pool = await createPool({ settings: { listenAddress: ":9252", replicas: 2 } });
    const { stack, docker, platform } = pool;
    await stack.mustUp();
    await managersSettle(pool, 2);

    // Docker resolves the name of a service once a health check of its containers has succeeded.
    const find = `nslookup tasks.${stack.serviceName} | sed -n 's/^Address: *\\([0-9.]*\\)$/\\1/p'`;
    const read = 'wget -qO - "http://$address:9252/metrics" | grep -c ^gitlab_runner_version_info';
    const script = `n=0; until [ "$(${find} | wc -l)" = 2 ] || [ $n = ${MAX_WAIT_SECONDS} ]; do sleep 1; n=$((n + 1)); done; for address in $(${find}); do ${read}; done`;
    const output = await runInNetwork(docker, platform.images.job, stack.serviceName, script);
    expect(output.trim().split("\n")).toEqual(["1", "1"]);
  });
});

/** Runs a script in a container of a network. @returns its output */
async function runInNetwork(
  docker: Docker,
  image: string,
  network: string,
  script: string,
): Promise<string> {
  const container = await docker.createContainer({
    Image: image,
    Cmd: ["sh", "-c", script],
    Tty: true,
    HostConfig: { NetworkMode: network },
  });
  try {
    await container.start();
    await container.wait();
    const log = await container.logs({ stdout: true, stderr: true });
    return log.toString().replaceAll("\r", "");
  } finally {
    await container.remove({ force: true });
  }
}
