import { describe, expect, it } from "@jest/globals";
import { planReap, type Found } from "../../../tools/reap/plan";
import type { Manager } from "../../../tools/gitlab/runners";
import type { RegisteredRunner } from "../../../tools/reap/registered-runners";
import { manager } from "./fixtures";

const NOW = new Date("2026-11-24T12:00:00Z");
const RECENT = "2026-11-24T11:59:30Z";
const SILENCE = 600;
const dead = manager({ systemId: "r_pool0000dead", contacted: "2026-11-24T11:00:00Z" });

function plan(found: Partial<Found>, living: readonly string[] = ["r_pool00000001"]) {
  return planReap(living, { managers: [], registered: [], ...found }, SILENCE, NOW);
}

/** A runner that a dead replica registered long ago, and that GitLab never heard of. */
function runner(changes: Partial<RegisteredRunner> = {}): RegisteredRunner {
  const systemId = "r_pool0000dead";
  return { id: 9, systemId, created: "2026-11-24T11:00:00Z", contacted: undefined, ...changes };
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
    const polling = { ...dead, contacted: RECENT };
    const { remove, keep } = plan({ managers: [polling] });

    expect(remove).toEqual([]);
    expect(keep[0]?.reason).toContain("30 s ago");
  });

  it("keeps what was made a moment ago and was never heard of", () => {
    const fresh = { ...dead, contacted: undefined, created: RECENT };

    expect(plan({ managers: [fresh] }).remove).toEqual([]);
  });

  it("keeps a manager with a running job", () => {
    const { remove, keep } = plan({ managers: [{ ...dead, jobs: [12] }] });

    expect(remove).toEqual([]);
    expect(keep[0]?.reason).toContain("job 12");
  });

  it("removes a runner that a dead replica registered as a whole, with its manager", () => {
    const own = { ...dead, runnerId: 9 };

    expect(plan({ managers: [own], registered: [runner()] }).remove).toEqual([
      {
        kind: "runner",
        systemId: "r_pool0000dead",
        runnerId: 9,
        lastContact: "2026-11-24T11:00:00Z",
      },
    ]);
  });

  it("removes a registered runner that never had a manager", () => {
    expect(plan({ registered: [runner()] }).remove).toHaveLength(1);
  });

  it.each<[string, Partial<RegisteredRunner>, Partial<Manager> | undefined]>([
    ["was registered", { created: RECENT }, undefined],
    ["was heard of", { contacted: RECENT }, undefined],
    ["got its manager", {}, { created: RECENT, contacted: undefined }],
    ["was heard of through its manager", {}, { contacted: RECENT }],
  ])("keeps a registered runner that %s a moment ago", (_, times, of) => {
    const managers = of === undefined ? [] : [{ ...dead, runnerId: 9, ...of }];
    const { remove, keep } = plan({ managers, registered: [runner(times)] });

    expect(remove).toEqual([]);
    expect(keep[0]?.reason).toContain("30 s ago");
  });

  it("keeps a registered runner of which GitLab tells no time", () => {
    const { remove, keep } = plan({ registered: [runner({ created: undefined })] });

    expect(remove).toEqual([]);
    expect(keep[0]?.reason).toContain("a replica may have registered it just now");
  });

  it("keeps the runner that a living replica registered", () => {
    const registered = [runner({ systemId: "r_pool00000001" })];

    expect(plan({ registered })).toEqual({ remove: [], keep: [] });
  });

  it("removes the runner that a replica registered before it was killed, and not its new one", () => {
    const registered = [9, 12, 10].map((id) => runner({ id, systemId: "r_pool00000001" }));

    expect(plan({ registered }).remove.map(({ runnerId }) => runnerId)).toEqual([9, 10]);
  });

  it("keeps an older runner of a living replica that GitLab heard of a moment ago", () => {
    const systemId = "r_pool00000001";
    const registered = [runner({ systemId, contacted: RECENT }), runner({ id: 12, systemId })];

    expect(plan({ registered }).remove).toEqual([]);
  });
});
