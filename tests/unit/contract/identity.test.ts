import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { poolMarkOf, systemIdOf } from "../../../contract/identity";

const identity = fc.record({ pool: fc.string(), slot: fc.string(), generation: fc.string() });

describe("systemIdOf", () => {
  it("gives what gitlab-runner accepts as a system ID", () => {
    fc.assert(
      fc.property(identity, (replica) => {
        expect(systemIdOf(replica)).toMatch(/^r_[0-9a-zA-Z]{12}$/);
      }),
    );
  });

  it("stays the same for ever: another one would leave every replica's manager behind in GitLab", () => {
    const replica = { pool: "gitlab-runner-pool-dev/abc", slot: "1", generation: "0123456789ab" };

    expect(systemIdOf(replica)).toBe("r_8wbXGhXeaK0l");
  });

  it("depends on pool, slot and generation, and keeps them apart", () => {
    fc.assert(
      fc.property(identity, identity, (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        expect(systemIdOf(a) === systemIdOf(b)).toBe(same);
      }),
    );
    expect(systemIdOf({ pool: "p", slot: "11", generation: "2" })).not.toBe(
      systemIdOf({ pool: "p", slot: "1", generation: "12" }),
    );
  });

  it("gives a million replicas of a pool a million system IDs", () => {
    const ids = new Set<string>();
    for (let i = 0; i < 1_000_000; i += 1) {
      ids.add(
        systemIdOf({
          pool: "pool/id",
          slot: String(i % 1000),
          generation: String(Math.floor(i / 1000)),
        }),
      );
    }

    expect(ids.size).toBe(1_000_000);
  }, 60_000);
});

describe("poolMarkOf", () => {
  it("begins the system ID of each replica of the pool", () => {
    fc.assert(
      fc.property(identity, (replica) => {
        expect(systemIdOf(replica).startsWith(poolMarkOf(replica.pool))).toBe(true);
      }),
    );
  });

  it("is the same for a service that was created anew", () => {
    expect(poolMarkOf("ci/aaa")).toBe(poolMarkOf("ci/bbb"));
    expect(poolMarkOf("ci/aaa")).not.toBe(poolMarkOf("ci-2/aaa"));
  });
});
