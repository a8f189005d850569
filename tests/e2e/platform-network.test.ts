import { describe, expect, it } from "@jest/globals";
import execa from "execa";
import { createPool } from "../support/pool-fixture";

/** The port of overlay networks in a swarm that did not choose another one. */
const DEFAULT_PORT = 4789;

/** Interface that stands for one that an engine left behind when it was killed. */
const LEFT_BEHIND = `left${process.pid % 100_000}`;

describe("the platform's swarm", () => {
  it("starts replicas on a network whose number an engine that was killed still uses", async () => {
    await using pool = await createPool({ settings: { replicas: 1, onlineTimeout: "60s" } });
    const { stack, docker } = pool;
    await stack.mustUp();
    const { Options } = (await docker.getNetwork(stack.serviceName).inspect()) as {
      readonly Options: Readonly<Record<string, string>>;
    };
    const number = Options["com.docker.network.driver.overlay.vxlanid_list"] ?? "";
    expect(number).toMatch(/^\d+$/);

    await stack.configure({ replicas: 0 });
    await stack.mustUp();
    const vxlan = ["type", "vxlan", "id", number, "dstport", String(DEFAULT_PORT)];
    await execa("ip", ["link", "add", LEFT_BEHIND, ...vxlan]);
    try {
      await stack.configure({ replicas: 1 });
      await stack.mustUp();
    } finally {
      await execa("ip", ["link", "delete", LEFT_BEHIND]);
    }
  });
});
