import { describe, expect, it } from "@jest/globals";
import { withoutOldNetworks } from "../../../../components/pool/free-subnet";
import { network as anyNetwork } from "../../../support/network";

const SUBNET = "10.20.0.0/24";

const network = (owner: string | undefined, subnet: string) =>
  anyNetwork({
    name: "ci-before",
    subnets: [subnet],
    labels: owner === undefined ? {} : { "gitlab-runner-pool.owner": owner },
  });

describe("withoutOldNetworks", () => {
  it.each([
    ["drops this stack's network with its previous name", network("me", SUBNET), 0],
    ["keeps a network of another stack", network("you", SUBNET), 1],
    ["keeps a network without an owner", network(undefined, SUBNET), 1],
    ["keeps this stack's network with another subnet", network("me", "10.20.0.0/16"), 1],
    [
      "keeps this stack's network of another pool",
      { ...network("me", SUBNET), name: "ci-second" },
      1,
    ],
  ])("%s", (_what, found, count) => {
    expect(withoutOldNetworks([found], "me", SUBNET, new Set(["ci-second"]))).toHaveLength(count);
  });

  it("keeps every network for a new stack", () => {
    expect(withoutOldNetworks([network("me", SUBNET)], undefined, SUBNET, new Set())).toHaveLength(
      1,
    );
  });
});
