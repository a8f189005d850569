import { describe, expect, it } from "@jest/globals";
import { findNetworkDifferences } from "../../../../components/pool/network-differences";

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
    ["a network that is explicitly not encrypted", { ...CREATED, encrypted: false }, [], NUMBERS],
  ])("finds none for %s", (_what, setting, ipamConfigs, options) => {
    expect(findNetworkDifferences(setting, { ipamConfigs, options })).toEqual([]);
  });

  it.each([
    [
      "another subnet",
      { ...CREATED, subnet: SUBNET },
      { ipamConfigs: [{ subnet: "10.9.0.0/24" }], options: {} },
      "`network.subnet` is 10.20.0.0/24, but the network has 10.9.0.0/24",
    ],
    [
      "an unknown subnet",
      { ...CREATED, subnet: SUBNET },
      { ipamConfigs: [], options: {} },
      "`network.subnet` is 10.20.0.0/24, but the network has a subnet that Docker chose",
    ],
    [
      "missing encryption",
      { ...CREATED, encrypted: true },
      { ipamConfigs: [], options: NUMBERS },
      "`network.encrypted` is true, but the network is not encrypted",
    ],
    [
      "unexpected encryption",
      CREATED,
      { ipamConfigs: [], options: { encrypted: "" } },
      "`network.encrypted` is false, but the network is encrypted",
    ],
  ])("reports %s", (_what, setting, facts, message) => {
    expect(findNetworkDifferences(setting, facts)).toEqual([message]);
  });
});
