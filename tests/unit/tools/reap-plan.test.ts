import { describe, expect, it } from "@jest/globals";
import {
  DEFAULT_SILENCE_SECONDS,
  planReap,
  type Inventory,
  type Ownership,
} from "../../../tools/reap/plan";
import type { Manager } from "../../../tools/gitlab/runners";
import type { RegisteredRunner } from "../../../tools/reap/registered-runners";
import { manager } from "./fixtures";

const NOW = new Date("2026-11-24T12:00:00Z");
const RECENT = "2026-11-24T11:59:30Z";
const SILENCE = 600;
const dead = manager({ systemId: "r_pool0000dead", contacted: "2026-11-24T11:00:00Z" });

function plan(
  found: Partial<Inventory>,
  living: readonly string[] = ["r_pool00000001"],
  ownership?: Ownership,
) {
  return planReap(living, { managers: [], registered: [], ...found }, SILENCE, NOW, ownership);
}

/** A runner that a killed replica registered long ago and that never contacted GitLab. */
function runner(changes: Partial<RegisteredRunner> = {}): RegisteredRunner {
  const systemId = "r_pool0000dead";
  return { id: 9, systemId, created: "2026-11-24T11:00:00Z", contacted: undefined, ...changes };
}

describe("planReap", () => {
  it("removes the manager of a killed replica", () => {
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

  it("never removes what a running replica uses, however long it has been silent", () => {
    const silent = manager({ contacted: "2026-11-01T00:00:00Z" });

    expect(plan({ managers: [silent] })).toEqual({ remove: [], keep: [] });
  });

  it("keeps a manager with recent contact, which may belong to a service of the same name in another swarm", () => {
    const polling = { ...dead, contacted: RECENT };
    const { remove, keep } = plan({ managers: [polling] });

    expect(remove).toEqual([]);
    expect(keep[0]?.reason).toContain("30 s ago");
  });

  it("keeps a new manager that never had contact", () => {
    const fresh = { ...dead, contacted: undefined, created: RECENT };

    expect(plan({ managers: [fresh] }).remove).toEqual([]);
  });

  it("keeps a manager with a running job", () => {
    const { remove, keep } = plan({ managers: [{ ...dead, jobs: [12] }] });

    expect(remove).toEqual([]);
    expect(keep[0]?.reason).toContain("job 12");
  });

  it("removes a killed replica's registered runner together with its manager", () => {
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
    ["had contact", { contacted: RECENT }, undefined],
    ["got its manager", {}, { created: RECENT, contacted: undefined }],
    ["had contact through its manager", {}, { contacted: RECENT }],
  ])("keeps a registered runner that %s 30 s ago", (_, times, of) => {
    const managers = of === undefined ? [] : [{ ...dead, runnerId: 9, ...of }];
    const { remove, keep } = plan({ managers, registered: [runner(times)] });

    expect(remove).toEqual([]);
    expect(keep[0]?.reason).toContain("30 s ago");
  });

  it("keeps a registered runner if GitLab reports no timestamp", () => {
    const { remove, keep } = plan({ registered: [runner({ created: undefined })] });

    expect(remove).toEqual([]);
    expect(keep[0]?.reason).toContain("a replica may have registered it just now");
  });

  it("keeps the runner that a running replica registered", () => {
    const registered = [runner({ systemId: "r_pool00000001" })];

    expect(plan({ registered })).toEqual({ remove: [], keep: [] });
  });

  it("removes the runners that a replica registered before it was killed, but not its newest one", () => {
    const registered = [9, 12, 10].map((id) => runner({ id, systemId: "r_pool00000001" }));

    expect(plan({ registered }).remove.map(({ runnerId }) => runnerId)).toEqual([9, 10]);
  });

  it("keeps an older runner of a running replica if it had contact recently", () => {
    const systemId = "r_pool00000001";
    const registered = [runner({ systemId, contacted: RECENT }), runner({ id: 12, systemId })];

    expect(plan({ registered }).remove).toEqual([]);
  });

  it("keeps a manager with a job that the token cannot see", () => {
    const { remove, keep } = plan({ managers: [{ ...dead, isBusy: true }] });

    expect(remove).toEqual([]);
    expect(keep[0]?.reason).toContain("hidden from GITLAB_TOKEN");
  });

  it("waits longer than the hour for which long polling can hide a replica from GitLab", () => {
    const found = { managers: [{ ...dead, contacted: "2026-11-24T10:55:00Z" }], registered: [] };
    const { remove, keep } = planReap([], found, DEFAULT_SILENCE_SECONDS, NOW);

    expect(remove).toEqual([]);
    expect(keep[0]?.reason).toContain("3900 s ago; until 2h without contact");
  });

  describe("if another swarm has a service of the same name", () => {
    const ownership = { serviceIds: ["mine", "gone"] };

    it("keeps its silent runner and explains how to remove it if it was a removed service's", () => {
      const { remove, keep } = plan({ registered: [runner({ serviceId: "its" })] }, [], ownership);

      expect(remove).toEqual([]);
      expect(keep).toEqual([
        {
          entry: expect.objectContaining({ runnerId: 9 }),
          reason: expect.stringMatching(
            /by a replica of service its.*if that service was removed, pass --service-id its/,
          ),
          isForeign: false,
        },
      ]);
    });

    it("treats its runner as foreign while it has contact", () => {
      const registered = [runner({ serviceId: "its", contacted: RECENT })];

      expect(plan({ registered }, [], ownership).keep[0]).toMatchObject({ isForeign: true });
    });

    it.each([
      ["its own service", { serviceId: "mine" }],
      ["an earlier service that was named", { serviceId: "gone" }],
      ["an old note that names no service", { serviceId: undefined }],
    ])("removes a runner of %s", (_, changes) => {
      const registered = [runner(changes)];

      expect(plan({ registered }, [], ownership).remove).toHaveLength(1);
    });

    it("keeps its manager, however long it has been silent", () => {
      const systemIds = ["r_pool00000001"];
      const { remove, keep } = plan({ managers: [dead] }, [], { ...ownership, systemIds });

      expect(remove).toEqual([]);
      expect(keep).toEqual([
        {
          entry: expect.objectContaining({ systemId: "r_pool0000dead" }),
          reason: expect.stringContaining("a service of the same name in another swarm"),
          isForeign: true,
        },
      ]);
    });

    it.each([
      ["is its own", ["r_pool0000dead"]],
      ["may be its own", undefined],
    ])("removes a manager that %s", (_, systemIds) => {
      expect(plan({ managers: [dead] }, [], { ...ownership, systemIds }).remove).toHaveLength(1);
    });

    it("removes a runner of a deleted service that was selected by name", () => {
      const registered = [runner({ serviceId: "whatever" })];

      expect(plan({ registered }, [], { serviceIds: undefined }).remove).toHaveLength(1);
    });
  });
});
