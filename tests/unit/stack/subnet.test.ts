import { describe, expect, it } from "@jest/globals";
import { judgeSubnet } from "../../../components/pool/judge-network";
import { subnetsOverlap } from "../../../contract/subnet";
import type { Network } from "../../../docker-engine/networks";
import { network as anyNetwork } from "../../support/network";
import { problemsOf, withConfig } from "./read";

describe("the subnet of a network", () => {
  it.each([
    ["10.77.0.5/24", "must have a subnet without host bits: use 10.77.0.0/24"],
    ["10.20.0.1/20", "must have a subnet without host bits: use 10.20.0.0/20"],
    ["10.0.0.0/30", "must have a subnet with a prefix length from 8 to 29"],
    ["8.0.0.0/6", "must have a subnet with a prefix length from 8 to 29"],
    ["127.0.1.0/24", "must not have a reserved subnet"],
    ["239.0.0.0/16", "must not have a reserved subnet"],
    ["10.0.0.0", "must be a network name, or an object with subnet"],
  ])("is rejected if it is %s", (subnet, words) => {
    const [problem = "", ...more] = problemsOf(withConfig({ network: JSON.stringify({ subnet }) }));
    expect(more).toEqual([]);
    expect(problem).toContain(`\`network\` ${words}`);
  });

  it.each(["10.77.0.0/24", "192.168.0.0/16", "10.0.0.8/29", "10.0.0.0/8"])(
    "may be %s",
    (subnet) => {
      expect(problemsOf(withConfig({ network: JSON.stringify({ subnet }) }))).toEqual([]);
    },
  );

  it.each([
    ["10.0.0.0/8", "10.1.2.0/24", true],
    ["10.1.2.0/24", "10.0.0.0/8", true],
    ["10.1.2.0/24", "10.1.3.0/24", false],
    ["10.1.2.0/24", "2001:db8::/32", false],
    ["200.0.0.0/8", "10.0.0.0/8", false],
  ])("%s overlaps %s: %s", (one, other, does) => {
    expect(subnetsOverlap(one, other)).toBe(does);
  });
});

describe("judgeSubnet", () => {
  const network = (name: string, subnet: string, scope = "swarm") =>
    anyNetwork({ name, scope, subnets: [subnet] });
  const judge = (...networks: Network[]) =>
    judgeSubnet("`pools.big.network`", "pool-dev", "10.78.0.0/24", networks);

  it("rejects a subnet that overlaps another network, and names that network", () => {
    expect(judge(network("ingress", "10.78.0.0/16"))).toEqual({
      rejected: true,
      message:
        "`pools.big.network.subnet` 10.78.0.0/24 of network pool-dev overlaps 10.78.0.0/16 of network ingress: choose another subnet, or unset it to let Docker choose a free one",
    });
    expect(judge(network("docker_gwbridge", "10.78.0.0/24", "local"))?.rejected).toBe(true);
  });

  it("names the variable that sets the network", () => {
    const other = network("ingress", "10.78.0.0/16");
    const verdict = judgeSubnet("RUNNER_NETWORK (`network`)", "a", "10.78.0.0/24", [other]);
    expect(verdict?.message).toMatch(/^RUNNER_NETWORK \(`network\.subnet`\) 10\.78\.0\.0\/24 of/);
  });

  it("only warns if the other network may be this stack's own under its previous name", () => {
    expect(judge(network("pool-old", "10.78.0.0/24"))?.rejected).toBe(false);
    expect(judge(network("pool-old", "10.78.0.0/16"))?.rejected).toBe(true);
  });

  it("ignores the network itself, other subnets, and bridges of a node", () => {
    expect(
      judge(
        network("pool-dev", "10.78.0.0/24"),
        network("other", "10.79.0.0/24"),
        network("bridge", "10.78.0.0/24", "local"),
        anyNetwork({ name: "host", scope: "local" }),
      ),
    ).toBeUndefined();
  });
});
