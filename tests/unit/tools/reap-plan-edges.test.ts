import { describe, expect, it } from "@jest/globals";
import type { Manager } from "../../../tools/gitlab/runners";
import { planReap } from "../../../tools/reap/plan";
import type { RegisteredRunner } from "../../../tools/reap/registered-runners";
import { manager } from "./fixtures";

const NOW = new Date("2026-11-24T12:00:00Z");
const LONG_AGO = "2026-11-24T09:00:00Z";
const SILENCE = 600;

const dead = (changes: Partial<Manager> = {}): Manager =>
  manager({ systemId: "r_pool0000dead", contacted: LONG_AGO, ...changes });

const runner = (changes: Partial<RegisteredRunner> = {}): RegisteredRunner => ({
  ...{ id: 9, systemId: "r_pool0000dead", created: LONG_AGO, contacted: undefined },
  ...changes,
});

describe("what a running replica uses", () => {
  it("includes its newest registered runner, no matter what other replicas registered", () => {
    const registered = [
      runner({ id: 9, systemId: "r_pool00000001" }),
      runner({ id: 12, systemId: "r_pool00000002" }),
    ];
    const living = ["r_pool00000001", "r_pool00000002"];

    expect(planReap(living, { managers: [], registered }, SILENCE, NOW)).toEqual({
      remove: [],
      keep: [],
    });
  });

  it("includes its manager of a shared runner, even one older than its registered runner", () => {
    const found = {
      managers: [dead({ systemId: "r_pool00000001", runnerId: 7 })],
      registered: [runner({ id: 12, systemId: "r_pool00000001" })],
    };

    expect(planReap(["r_pool00000001"], found, SILENCE, NOW)).toEqual({ remove: [], keep: [] });
  });
});

describe("a registered runner", () => {
  it("is judged only by its own managers", () => {
    const busyElsewhere = dead({
      runnerId: 7,
      jobs: [1],
      isBusy: true,
      contacted: NOW.toISOString(),
    });
    const found = { managers: [busyElsewhere], registered: [runner()] };

    expect(planReap([], found, SILENCE, NOW).remove).toEqual([
      expect.objectContaining({ kind: "runner", runnerId: 9 }),
    ]);
  });

  it("is kept while one of its managers has a hidden job", () => {
    const managers = [dead({ runnerId: 9 }), dead({ runnerId: 9, isBusy: true })];
    const { remove, keep } = planReap([], { managers, registered: [runner()] }, SILENCE, NOW);

    expect(remove).toEqual([]);
    expect(keep[0]?.reason).toContain("hidden from GITLAB_TOKEN");
  });

  it("is aged by its manager if GitLab reports no timestamp for the runner", () => {
    const found = {
      managers: [dead({ runnerId: 9, created: undefined })],
      registered: [runner({ created: undefined })],
    };

    expect(planReap([], found, SILENCE, NOW).remove).toEqual([
      expect.objectContaining({ lastContact: LONG_AGO }),
    ]);
  });

  it("is kept, with its last contact as the reason, while a foreign service uses it", () => {
    const registered = [runner({ serviceId: "its", contacted: NOW.toISOString() })];
    const { keep } = planReap([], { managers: [], registered }, SILENCE, NOW, {
      serviceIds: ["mine"],
      systemIds: [],
    });

    expect(keep[0]?.reason).toMatch(
      /^it was registered by a replica of service its, .*; its last contact was 0 s ago/,
    );
  });
});

describe("a manager", () => {
  it("is removed when it has been silent for exactly the minimum time", () => {
    const contacted = "2026-11-24T11:50:00Z";

    expect(
      planReap([], { managers: [dead({ contacted })], registered: [] }, SILENCE, NOW).remove,
    ).toHaveLength(1);
  });

  it("is not foreign if it is kept because of its jobs", () => {
    const found = { managers: [dead({ jobs: [12, 13] })], registered: [] };

    expect(planReap([], found, SILENCE, NOW).keep).toEqual([
      {
        entry: expect.objectContaining({ kind: "manager" }),
        reason: "GitLab shows jobs 12, 13 running on it, and fails a lost job after an hour",
        isForeign: false,
      },
    ]);
  });

  it("need not exist to remove a registered runner of the service", () => {
    const found = { managers: [], registered: [runner({ serviceId: "mine" })] };
    const ownership = { serviceIds: ["mine"], systemIds: [] };

    expect(planReap([], found, SILENCE, NOW, ownership).remove).toHaveLength(1);
  });
});
