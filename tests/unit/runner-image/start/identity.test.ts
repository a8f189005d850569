import { describe, expect, it } from "@jest/globals";
import { deriveIdentity, type HostFacts } from "../../../../runner-image/src/start/identity";
import { parseContainerId } from "../../../../runner-image/src/start/machine";
import { readSettings } from "../../../../runner-image/src/settings/settings";
import { describeShortcomings } from "../../../../runner-image/src/start/shortcomings";
import { parseTaskName } from "../../../../runner-image/src/start/swarm-task";

const POOL = {
  RUNNER_POOL: "ci/service1",
  RUNNER_NODE: "node1",
  RUNNER_SLOT: "2",
  RUNNER_GENERATION: "g1",
};
const ANYWHERE: HostFacts = {
  place: undefined,
  task: undefined,
  containerId: "c".repeat(64),
  machineId: "machine1",
  hostname: "cccccccccccc",
};
const PLACE = "/var/lib/gitlab-runner-pool/2.0";

function settings(env: Readonly<Record<string, string>> = {}) {
  const { settings: read, problems } = readSettings({
    RUNNER_CI_URL: "https://gitlab.example.com",
    RUNNER_CI_TOKEN: "glrt-0123456789",
    ...env,
  });
  if (read === undefined) throw new Error(problems.join("; "));
  return read;
}

const identify = (env: Readonly<Record<string, string>>, changes: Partial<HostFacts> = {}) =>
  deriveIdentity(settings(env), { ...ANYWHERE, ...changes });
const systemId = (...args: Parameters<typeof identify>) => identify(...args).systemId;

describe("the system ID of a replica that holds a place", () => {
  const before = systemId(POOL, { place: PLACE });

  it("stays the same for another container, host name and generation", () => {
    const changes = { place: PLACE, containerId: "d".repeat(64), hostname: "other" };
    expect(systemId({ ...POOL, RUNNER_GENERATION: "g2" }, changes)).toBe(before);
  });

  it.each([
    ["place", POOL, "/var/lib/gitlab-runner-pool/2.1"],
    ["node", { ...POOL, RUNNER_NODE: "node2" }, PLACE],
    ["slot", { ...POOL, RUNNER_SLOT: "3" }, PLACE],
    ["service", { ...POOL, RUNNER_POOL: "ci/service2" }, PLACE],
  ])("differs for another %s", (_, env, place) => {
    expect(systemId(env, { place })).not.toBe(before);
  });

  it("is named after the node in a global service, whose slot is the node's ID", () => {
    const global = {
      ...POOL,
      RUNNER_SLOT: "w20ob1lg2plqxqft9vs75cfks",
      RUNNER_NODE_NAME: "worker",
    };
    const place = "/var/lib/gitlab-runner-pool/w20ob1lg2plqxqft9vs75cfks.0";
    const found = identify(global, { place });
    expect(found).toMatchObject({ slot: "worker", by: "place" });
    const renamed = identify({ ...global, RUNNER_NODE_NAME: "other" }, { place });
    expect(renamed.systemId).toBe(found.systemId);
  });

  it("differs on another machine if RUNNER_NODE is not set", () => {
    const env = { RUNNER_POOL: "ci/service1", RUNNER_SLOT: "2" };
    expect(systemId(env, { place: PLACE })).not.toBe(
      systemId(env, { place: PLACE, machineId: "machine2" }),
    );
  });
});

describe("the system ID of a replica without a place", () => {
  const task = { service: "ci_runner", slot: "1" };

  it("is derived from its slot, which comes from the settings or Docker's DNS", () => {
    expect(systemId(POOL)).toBe(systemId(POOL, { containerId: "d".repeat(64) }));
    expect(systemId({}, { task })).toBe(systemId({}, { task, containerId: "d".repeat(64) }));
    expect(identify({}, { task }).slot).toBe("1");
    expect(systemId({}, { task })).not.toBe(systemId({}, { task: { ...task, slot: "2" } }));
  });

  it("differs in two swarms whose services have the same name", () => {
    expect(systemId({}, { task })).not.toBe(systemId({}, { task, machineId: "machine2" }));
  });

  it("is derived from its container without a slot, even if two containers share a host name", () => {
    expect(systemId({})).toBe(systemId({}));
    expect(systemId({})).not.toBe(systemId({}, { containerId: "d".repeat(64) }));
    expect(identify({}).slot).toBe("cccccccccccc");
  });
});

describe("a replica", () => {
  it.each<[string, boolean, Readonly<Record<string, string>>, Partial<HostFacts>]>([
    ["with a place", true, POOL, { place: PLACE }],
    ["in a container, which may have been restarted", true, {}, {}],
    [
      "with nothing but a host name, which containers can share",
      false,
      {},
      { containerId: undefined },
    ],
    ["with nothing but a slot, which Swarm can reuse", false, POOL, {}],
    ["with nothing but a task", false, {}, { task: { service: "ci_runner", slot: "1" } }],
  ])("%s owns its system ID: %s", (_, owns, env, changes) => {
    expect(identify(env, changes).ownsSystemId).toBe(owns);
  });
});

describe("the guarantees that do not hold for a replica", () => {
  const said = (env: Readonly<Record<string, string>>, changes: Partial<HostFacts> = {}) => {
    const read = settings(env);
    return describeShortcomings(read, deriveIdentity(read, { ...ANYWHERE, ...changes }));
  };

  it("are none in a pool's service", () => {
    expect(said(POOL, { place: PLACE })).toBeUndefined();
    expect(said({ ...POOL, RUNNER_EXECUTOR: "shell" }, { place: PLACE })).toBeUndefined();
  });

  it("are described in one line", () => {
    expect(said({}, { task: { service: "ci_runner", slot: "1" } })).toBe(
      "some guarantees do not hold for this replica: it shares its manager in GitLab with an older replica of its slot while that one drains, and if it is killed, its jobs continue while GitLab retries them, because no volume is mounted at /var/lib/gitlab-runner-pool; Docker kills it 10 s after the stop signal and its jobs fail, unless you set a longer stop_grace_period (which a replica cannot check)",
    );
    expect(said({})).toContain("because RUNNER_SLOT is not set");
  });

  it.each([
    ["is its own", {}, "if it is killed and replaced, not restarted, its jobs continue"],
    ["may be another's too", { containerId: undefined }, "; if it is killed, its jobs continue"],
  ])("include what happens to jobs if its system ID %s", (_, changes, text) => {
    expect(said({}, changes)).toContain(text);
    expect(said({ RUNNER_EXECUTOR: "shell" }, changes)).not.toContain("its jobs continue");
  });
});

describe("parseTaskName", () => {
  const id = "dsp0ynprsqsvmm3rhakvjd05d";

  it.each([
    [`gitlab-runner-pool-dev.1.${id}.default`, { service: "gitlab-runner-pool-dev", slot: "1" }],
    [`ci_a.b.12.${id}.my.network`, { service: "ci_a.b", slot: "12" }],
  ])("parses the service and the slot in %s", (name, task) => {
    expect(parseTaskName(name)).toEqual(task);
  });

  it.each(["web.bridge", "host.example.com", `ci.x.${id}.net`, `ci.1.${id}`, "1.2.3.4"])(
    "does not accept %s as a task",
    (name) => {
      expect(parseTaskName(name)).toBeUndefined();
    },
  );
});

describe("parseContainerId", () => {
  const id = "b591a500905980b22147e3c6d8ea066a5abe26247b888080ad4971869fe79a89";

  it.each([
    ["Docker", `164 131 254:0 /var/lib/docker/containers/${id}/hostname /etc/hostname rw - ext4`],
    ["Podman", `164 131 0:9 /overlay-containers/${id}/userdata/hostname /etc/hostname rw - tmpfs`],
  ])("finds the container's ID in the mounts that %s makes", (_, mountinfo) => {
    expect(parseContainerId(`1 2 0:1 / / rw\n${mountinfo}\n3 4 0:2 / /x rw`)).toBe(id);
  });

  it("finds none outside a container", () => {
    expect(parseContainerId("24 1 254:0 / / rw,relatime - ext4 /dev/vda rw")).toBeUndefined();
  });
});
