import { describe, expect, it } from "@jest/globals";
import { planReap, type Found } from "../../../tools/reap/plan";
import { manager } from "./fixtures";

const NOW = new Date("2026-11-24T12:00:00Z");
const SILENCE = 600;
const dead = manager({ systemId: "r_pool0000dead", contacted: "2026-11-24T11:00:00Z" });

function plan(found: Partial<Found>, living: readonly string[] = ["r_pool00000001"]) {
  const pool = { name: "gitlab-runner-pool-dev", living };
  return planReap(pool, { managers: [], registered: [], ...found }, SILENCE, NOW);
}

describe("planReap", () => {
  it("removes the manager of a dead replica", () => {
    expect(plan({ managers: [dead] })).toEqual({
      remove: [
        {
          kind: "manager",
          systemId: "r_pool0000dead",
          runnerId: 7,
          lastContact: "2026-11-24T11:00:00Z",
        },
      ],
      keep: [],
    });
  });

  it("never touches what a living replica owns, however silent", () => {
    const silent = manager({ contacted: "2026-11-01T00:00:00Z" });

    expect(plan({ managers: [silent] })).toEqual({ remove: [], keep: [] });
  });

  it("keeps what GitLab heard of a moment ago: a namesake in another swarm", () => {
    const polling = { ...dead, contacted: "2026-11-24T11:59:30Z" };
    const { remove, keep } = plan({ managers: [polling] });

    expect(remove).toEqual([]);
    expect(keep[0]?.reason).toContain("30 s ago");
  });

  it("keeps what was made a moment ago and was never heard of", () => {
    const fresh = { ...dead, contacted: undefined, created: "2026-11-24T11:59:30Z" };

    expect(plan({ managers: [fresh] }).remove).toEqual([]);
  });

  it("keeps a manager with a running job", () => {
    const { remove, keep } = plan({ managers: [{ ...dead, jobs: [12] }] });

    expect(remove).toEqual([]);
    expect(keep[0]?.reason).toContain("job 12");
  });

  it("removes a runner that a dead replica registered as a whole, with its manager", () => {
    const own = { ...dead, runnerId: 9 };
    const registered = [{ id: 9, systemId: "r_pool0000dead", lastContact: undefined }];

    expect(plan({ managers: [own], registered }).remove).toEqual([
      {
        kind: "runner",
        systemId: "r_pool0000dead",
        runnerId: 9,
        lastContact: "2026-11-24T11:00:00Z",
      },
    ]);
  });

  it("removes a registered runner that never had a manager", () => {
    const registered = [{ id: 9, systemId: "r_pool0000dead", lastContact: undefined }];

    expect(plan({ registered }).remove).toHaveLength(1);
  });

  it("keeps the runner that a living replica registered", () => {
    const registered = [{ id: 9, systemId: "r_pool00000001", lastContact: undefined }];

    expect(plan({ registered })).toEqual({ remove: [], keep: [] });
  });

  it("removes the runner that a replica registered before it was killed, and not its new one", () => {
    const systemId = "r_pool00000001";
    const registered = [9, 12, 10].map((id) => ({ id, systemId, lastContact: undefined }));

    expect(plan({ registered }).remove.map(({ runnerId }) => runnerId)).toEqual([9, 10]);
  });

  it("keeps an older runner of a living replica that GitLab heard of a moment ago", () => {
    const systemId = "r_pool00000001";
    const registered = [
      { id: 9, systemId, lastContact: "2026-11-24T11:59:30Z" },
      { id: 12, systemId, lastContact: undefined },
    ];

    expect(plan({ registered }).remove).toEqual([]);
  });
});
