import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  MAX_PLACES,
  getSystemIdPrefix,
  getSystemId,
  listSystemIds,
} from "../../../contract/identity";

const identity = fc.record({
  pool: fc.string(),
  node: fc.string(),
  slot: fc.string(),
  place: fc.string(),
});

describe("getSystemId", () => {
  it("returns a system ID that gitlab-runner accepts", () => {
    fc.assert(
      fc.property(identity, (replica) => {
        expect(getSystemId(replica)).toMatch(/^r_[0-9a-zA-Z]{12}$/);
      }),
    );
  });

  it("never changes: a new algorithm would orphan every replica's manager in GitLab", () => {
    const replica = { pool: "gitlab-runner-pool-dev/abc", node: "n", slot: "1", place: "0" };

    expect(getSystemId(replica)).toBe("r_8wbX9v9oRVhK");
  });

  it("depends on pool, node, slot and place, and on which value belongs to which", () => {
    fc.assert(
      fc.property(identity, identity, (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        expect(getSystemId(a) === getSystemId(b)).toBe(same);
      }),
    );
    expect(getSystemId({ pool: "p", node: "n", slot: "11", place: "2" })).not.toBe(
      getSystemId({ pool: "p", node: "n", slot: "1", place: "12" }),
    );
  });

  it("returns a million different system IDs for a million replicas of a pool", () => {
    const ids = new Set<string>();
    for (let i = 0; i < 1_000_000; i += 1) {
      ids.add(
        getSystemId({
          pool: "pool/id",
          node: `node-${Math.floor(i / 100_000)}`,
          slot: String(i % 1000),
          place: String(Math.floor(i / 1000) % MAX_PLACES),
        }),
      );
    }

    expect(ids.size).toBe(1_000_000);
  }, 60_000);
});

describe("listSystemIds", () => {
  it("lists the system IDs that a replica in a slot on a node may have, one for each place", () => {
    const replica = { pool: "p", node: "n", slot: "1" };

    const ids = listSystemIds(replica);

    expect(new Set(ids).size).toBe(MAX_PLACES);
    expect(ids).toContain(getSystemId({ ...replica, place: "0" }));
    expect(ids).toContain(getSystemId({ ...replica, place: String(MAX_PLACES - 1) }));
  });
});

describe("getSystemIdPrefix", () => {
  it("starts the system ID of each replica of the pool", () => {
    fc.assert(
      fc.property(identity, (replica) => {
        expect(getSystemId(replica).startsWith(getSystemIdPrefix(replica.pool))).toBe(true);
      }),
    );
  });

  it("stays the same when the service is created again", () => {
    expect(getSystemIdPrefix("ci/aaa")).toBe(getSystemIdPrefix("ci/bbb"));
    expect(getSystemIdPrefix("ci/aaa")).not.toBe(getSystemIdPrefix("ci-2/aaa"));
  });
});
