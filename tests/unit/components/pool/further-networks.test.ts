import { describe, expect, it } from "@jest/globals";
import { findNetworkIds } from "../../../../components/pool/pool-network";
import { scriptedEngine } from "../../../support/scripted-engine";

const FOUND = [
  { Id: "p", Name: "proxy", Driver: "overlay", Scope: "swarm", Attachable: true },
  { Id: "s", Name: "storage", Driver: "overlay", Scope: "swarm", Attachable: true },
  { Id: "i", Name: "ingress", Driver: "overlay", Scope: "swarm", Attachable: false },
];

const find = (...names: string[]) =>
  findNetworkIds(scriptedEngine({ "/networks": FOUND }), names, (key) => `\`pools.big.${key}\``);

describe("the further networks of a pool", () => {
  it("are looked up by their exact names", async () => {
    expect(await find("storage", "proxy")).toEqual(["s", "p"]);
  });

  it("are all reported if replicas cannot be attached to them", async () => {
    await expect(find("ingress", "proxy", "prox")).rejects.toThrow(
      [
        '`pools.big.networks`: "ingress" is not an attachable network of the swarm (driver overlay, scope swarm): choose another network',
        '`pools.big.networks`: the swarm has no network "prox": create it with `docker network create --driver overlay --attachable prox`, or remove it from `pools.big.networks`',
      ].join("\n"),
    );
  });
});
