import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { getSystemId } from "../../../contract/identity";
import { formatReplicaLine } from "../../../contract/replica-log";
import { runTidy } from "../../../tools/tidy/command";
import { ofJob, startLeftoversEngine, type LeftoversEngine } from "../../support/leftovers-engine";
import { memoryIo } from "../../support/memory-io";

const idOf = (slot: string, place: string, pool = "ci/service1", node = "node1") =>
  getSystemId({ pool, node, slot, place });
const [LIVING, DEAD] = [idOf("1", "0"), idOf("2", "0")];

let fake: LeftoversEngine;
beforeEach(async () => {
  fake = await startLeftoversEngine();
  addReplica("replica1", "1", LIVING);
  for (const [name, labels] of [
    ["living", ofJob(LIVING)],
    ["dead", ofJob(DEAD)],
    ["other", ofJob(idOf("1", "0", "other/service2"))],
    ["unmanaged", { "com.gitlab.gitlab-runner.runner.system_id": DEAD }],
  ] as const) {
    fake.objects.volumes = [...fake.objects.volumes, { name, labels }];
    fake.objects.networks = [...fake.objects.networks, { id: `n-${name}`, labels }];
    fake.objects.containers = [
      ...fake.objects.containers,
      { id: `c-${name}`, labels, state: "exited" },
    ];
  }
  for (const id of ["c-unmanaged"]) {
    fake.answers.set(`GET /containers/${id}/json`, { status: 200, body: { Config: {} } });
  }
});
afterEach(async () => {
  await fake[Symbol.asyncDispose]();
});

/** @param systemId in its log. @default its log cannot be read */
function addReplica(id: string, slot: string, systemId?: string, env?: object): void {
  const settings = {
    ...{ RUNNER_CI_URL: "http://gitlab", RUNNER_POOL: "ci/service1" },
    ...{ RUNNER_NODE: "node1", RUNNER_SLOT: slot, ...env },
  };
  fake.objects.containers = [
    ...fake.objects.containers,
    { id, labels: { "com.docker.swarm.service.name": "ci" } },
  ];
  fake.answers.set(`GET /containers/${id}/json`, {
    status: 200,
    body: { Config: { Env: ["PATH=/bin", `RUNNER_SETTINGS=${JSON.stringify(settings)}`] } },
  });
  const line = formatReplicaLine({
    state: "starting",
    message: `system ID ${systemId ?? ""}, GitLab http://g`,
  });
  fake.answers.set(
    `GET /containers/${id}/logs`,
    systemId === undefined
      ? { status: 500, body: { message: "no log" } }
      : { status: 200, body: `\x01\0\0\0\0\0\0${String.fromCharCode(line.length + 1)}${line}\n` },
  );
}

async function run(...args: string[]) {
  const io = memoryIo({ DOCKER_HOST: fake.host });
  const exitCode = await runTidy(args, io);
  return { exitCode, printed: io.printed(), complained: io.complained() };
}

const names = () => fake.objects.volumes.map(({ name }) => name);
const EVERYTHING = ["living", "dead", "other", "unmanaged"];

describe("npm run tidy", () => {
  it("lists what is left without removing it", async () => {
    expect(await run()).toEqual({
      exitCode: 1,
      printed: [
        "ci:",
        ...[
          `  kept: ${LIVING}: 1 volume, 1 container, 1 network: its replica is, or may be, running`,
          `  left: ${DEAD}: 1 volume, 1 container, 1 network`,
        ].sort((a, b) => (a.slice(8) < b.slice(8) ? -1 : 1)),
        "  dry run, nothing was removed; --yes removes what 1 system ID left",
        "",
      ].join("\n"),
      complained: "",
    });
    expect(names()).toEqual(EVERYTHING);
    expect(fake.asked.filter((one) => one.startsWith("DELETE"))).toEqual([]);
  });

  it("removes what is left with --yes, and nothing else", async () => {
    const { exitCode, printed } = await run("--yes");
    expect(printed).toContain(`removed: ${DEAD}: 1 volume, 1 container, 1 network`);
    expect(exitCode).toBe(0);
    expect(names()).toEqual(["living", "other", "unmanaged"]);
    expect(fake.objects.networks.map(({ id }) => id)).toEqual([
      "n-living",
      "n-other",
      "n-unmanaged",
    ]);
    expect(await run()).toMatchObject({ exitCode: 0 });
  });

  it("removes what a named service left that was deleted", async () => {
    await run("other", "--yes");
    expect(names()).toEqual(["living", "dead", "unmanaged"]);
    expect(await run("other")).toMatchObject({
      exitCode: 0,
      printed: "other:\n  nothing is left\n",
    });
  });

  it("keeps everything that a replica may use whose log cannot be read", async () => {
    addReplica("replica2", "2");
    expect(await run("--yes")).toMatchObject({ exitCode: 0 });
    expect(names()).toEqual(EVERYTHING);
  });

  it("keeps everything with the mark of a replica whose system ID is unknown", async () => {
    addReplica("replica2", "7", undefined, { RUNNER_SLOT: "" });
    await run("--yes");
    expect(names()).toEqual(EVERYTHING);
  });

  it("keeps everything of a job that still runs, and says how to remove it", async () => {
    fake.objects.containers = [
      ...fake.objects.containers,
      { id: "running", labels: ofJob(DEAD), state: "running" },
    ];
    const { exitCode, printed } = await run("--yes");
    expect(printed).toMatch(/kept: .* 1 container of a job still runs: .*docker rm --force/);
    expect(exitCode).toBe(1);
    expect(names()).toEqual(EVERYTHING);
  });

  it("keeps what belongs to a replica that comes back before the removal", async () => {
    fake.inUse.add("nothing");
    const before = fake.asked.push.bind(fake.asked);
    let lists = 0;
    fake.asked.push = (one) => {
      // The second list of the replicas is the one before the removal.
      if (one === "GET /containers/json" && (lists += 1) === 3) addReplica("back", "2", DEAD);
      return before(one);
    };
    expect((await run("--yes")).printed).toContain("its replica is running again");
    expect(names()).toEqual(EVERYTHING);
  });

  it("says what the engine did not remove, and removes the rest", async () => {
    fake.inUse.add("dead");
    const { exitCode, printed } = await run("--yes");
    expect(printed).toContain(`not removed: ${DEAD}`);
    expect(exitCode).toBe(1);
    expect(fake.objects.networks.map(({ id }) => id)).not.toContain("n-dead");
  });

  it("needs a name on an engine without a pool", async () => {
    fake.objects.containers = [];
    expect(await run()).toMatchObject({ exitCode: 0, printed: expect.stringContaining("no pool") });
  });

  it("removes nothing on an engine that replicas elsewhere may use, without --unused", async () => {
    fake.objects.containers = [];
    expect(await run("ci", "--yes")).toMatchObject({
      exitCode: 2,
      complained: expect.stringMatching(
        /^removing nothing: .*may use it through `docker.host`.*: if none of them runs, pass --unused\n$/,
      ),
    });
    expect(await run("ci")).toMatchObject({
      exitCode: 1,
      complained: expect.stringMatching(/^warning: this engine is not part of a swarm/),
    });
    expect(names()).toEqual(EVERYTHING);
    expect(await run("ci", "--yes", "--unused")).toMatchObject({ exitCode: 0, complained: "" });
    expect(names()).toEqual(["other", "unmanaged"]);
  });

  it("removes what is left on a node of a swarm without replicas", async () => {
    fake.objects.containers = [];
    const body = { Swarm: { LocalNodeState: "active", ControlAvailable: false } };
    fake.answers.set("GET /info", { status: 200, body });
    expect(await run("ci", "--yes")).toMatchObject({ exitCode: 0, complained: "" });
    expect(names()).toEqual(["other", "unmanaged"]);
  });

  it("fails if the engine does not answer", async () => {
    const io = memoryIo({ DOCKER_HOST: "unix:///nowhere" });
    expect(await runTidy([], io)).toBe(2);
    expect(io.complained()).toMatch(/^the Docker engine at unix:\/\/\/nowhere cannot be reached/);
  });
});
