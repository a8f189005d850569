import { describe, expect, it } from "@jest/globals";
import { findNetworkDifferences } from "../../../../components/pool/network-differences";
import { MTU_OPTION } from "../../../../contract/swarm";

const SUBNET = "10.20.0.0/24";
const CREATED = { kind: "created" } as const;
const NUMBERS = { "com.docker.network.driver.overlay.vxlanid_list": "4097" };

describe("findNetworkDifferences", () => {
  it.each([
    ["a network with Docker's choice of subnet", CREATED, [{ subnet: "10.0.3.0/24" }], NUMBERS],
    [
      "a network with the configured subnet",
      { ...CREATED, subnet: SUBNET },
      [{ subnet: SUBNET }],
      NUMBERS,
    ],
    [
      "a network that is encrypted as configured",
      { ...CREATED, encrypted: true },
      [],
      { ...NUMBERS, encrypted: "" },
    ],
    [
      "a network with the MTU and the isolation of its settings",
      { ...CREATED, mtu: 1400, internal: true },
      [],
      { ...NUMBERS, [MTU_OPTION]: "1400" },
      true,
    ],
    ["a network that is explicitly not encrypted", { ...CREATED, encrypted: false }, [], NUMBERS],
  ])("finds none for %s", (_what, setting, ipamConfigs, options, internal = false) => {
    expect(
      findNetworkDifferences("`pools.big.network`", setting, { ipamConfigs, options, internal }),
    ).toEqual([]);
  });

  it.each([
    [
      "another subnet",
      { ...CREATED, subnet: SUBNET },
      { ipamConfigs: [{ subnet: "10.9.0.0/24" }], options: {} },
      "`pools.big.network.subnet` is 10.20.0.0/24, but the network has 10.9.0.0/24",
    ],
    [
      "an unknown subnet",
      { ...CREATED, subnet: SUBNET },
      { ipamConfigs: [], options: {} },
      "`pools.big.network.subnet` is 10.20.0.0/24, but the network has a subnet that Docker chose",
    ],
    [
      "missing encryption",
      { ...CREATED, encrypted: true },
      { ipamConfigs: [], options: NUMBERS },
      "`pools.big.network.encrypted` is true, but the network is not encrypted",
    ],
    [
      "unexpected encryption",
      CREATED,
      { ipamConfigs: [], options: { encrypted: "" } },
      "`pools.big.network.encrypted` is false, but the network is encrypted",
    ],
    [
      "another MTU",
      { ...CREATED, mtu: 1400 },
      { ipamConfigs: [], options: { [MTU_OPTION]: "1300" } },
      "`pools.big.network.mtu` is 1400, but the network has the MTU 1300",
    ],
    [
      "a missing MTU",
      { ...CREATED, mtu: 1400 },
      { ipamConfigs: [], options: NUMBERS },
      "`pools.big.network.mtu` is 1400, but the network has Docker's MTU",
    ],
    [
      "an unexpected MTU",
      CREATED,
      { ipamConfigs: [], options: { [MTU_OPTION]: "1300" } },
      "`pools.big.network.mtu` is unset, but the network has the MTU 1300",
    ],
    [
      "a network with a way out",
      { ...CREATED, internal: true },
      { ipamConfigs: [], options: NUMBERS, internal: false },
      "`pools.big.network.internal` is true, but the network is not internal",
    ],
    [
      "a network without a way out",
      CREATED,
      { ipamConfigs: [], options: NUMBERS, internal: true },
      "`pools.big.network.internal` is false, but the network is internal",
    ],
  ])("reports %s", (_what, setting, facts, message) => {
    expect(findNetworkDifferences("`pools.big.network`", setting, facts)).toEqual([message]);
  });
});
