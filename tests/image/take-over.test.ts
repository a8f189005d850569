import { createServer, type Server, type ServerResponse } from "node:http";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "@jest/globals";
import { JOB_LABELS } from "../../contract/job-labels";
import { EXIT } from "../../contract/exit-codes";
import { DOCKER } from "../support/engine-answers";
import { eventually } from "../support/eventually";
import { createReplicaFixture, type ReplicaFixture } from "../support/replica-fixture";
import type { ReplicaProcess } from "../support/replica-process";
import { createSocketFolder } from "../support/socket-folder";

const POLL = "POST /jobs/request";
/** What a killed predecessor with another system ID wrote into the place. */
const OTHER_ID = "r_abcdefghijkl";

const sockets = createSocketFolder();
afterAll(sockets.remove);

/** An engine that still runs the jobs of killed replicas. */
class BusyEngine implements AsyncDisposable {
  /** IDs of the containers that jobs left. */
  readonly containers = new Set<string>(["c1"]);
  /** IDs of the networks, which the engine keeps while there are containers. */
  readonly networks = new Set<string>(["n1"]);
  /** Response to each request to remove a container; undefined removes it. */
  refusal: readonly [status: number, message: string] | undefined;
  /** How long it takes to remove one. */
  removalMs = 0;
  /** A container that no job created uses the networks. */
  keepsNetworks = false;
  /** Requests so far. */
  readonly asked: string[] = [];
  /** When the last object was gone, in epoch milliseconds. */
  goneAt = Infinity;
  private server: Server | undefined;

  constructor(readonly path: string) {}

  async listen(): Promise<this> {
    rmSync(this.path, { force: true });
    const server = createServer(({ method = "", url = "" }, response) => {
      this.asked.push(`${method} ${url}`);
      void this.answer(method, url, response);
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(this.path, resolve));
    return this;
  }

  async disappear(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    server?.closeAllConnections();
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }

  /** Requests to remove something. */
  removals(): readonly string[] {
    return this.asked.filter((request) => request.startsWith("DELETE "));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.disappear();
  }

  private async answer(method: string, url: string, response: ServerResponse): Promise<void> {
    const [, kind = "", id = ""] = /^\/(containers|networks)\/?([^?]*)/.exec(url) ?? [];
    const objects = kind === "networks" ? this.networks : this.containers;
    if (kind === "") {
      const [status, body, headers] = DOCKER[url.split("?")[0] ?? ""] ?? [404, "page not found\n"];
      response.writeHead(status, headers).end(body);
    } else if (method === "GET") {
      const systemId = /system_id%3D(r_\w{12})/.exec(url)?.[1] ?? "";
      const Labels = { [JOB_LABELS.managed]: "true", [JOB_LABELS.systemId]: systemId };
      response.end(JSON.stringify([...objects].map((Id) => ({ Id, State: "running", Labels }))));
    } else if (this.refusal !== undefined && kind === "containers") {
      const [status, message] = this.refusal;
      response.writeHead(status).end(JSON.stringify({ message }));
    } else if (kind === "networks" && (this.keepsNetworks || this.containers.size > 0)) {
      response.writeHead(403).end(JSON.stringify({ message: "has active endpoints" }));
    } else {
      await sleep(this.removalMs);
      objects.delete(id);
      if (this.containers.size + this.networks.size === 0) this.goneAt = Date.now();
      response.writeHead(204).end();
    }
  }
}

function newEngine(): Promise<BusyEngine> {
  return new BusyEngine(sockets.next()).listen();
}

/** Starts a replica whose place has the system ID of a killed one. */
function start(
  fixture: ReplicaFixture,
  { path }: BusyEngine,
  {
    env = {},
    ...options
  }: { readonly env?: Readonly<Record<string, string>>; readonly clock?: number } = {},
): Promise<ReplicaProcess> {
  const own = mkdtempSync(join(sockets.path, "replica-"));
  mkdirSync(join(own, "places"));
  writeFileSync(join(own, "places/7.0"), `${OTHER_ID}\n`);
  const engine = { RUNNER_EXECUTOR: "docker", RUNNER_IMAGE: "job", DOCKER_HOST: `unix://${path}` };
  const all = { ...engine, RUNNER_SLOT: "7", ...env };
  return fixture.replica({ ...options, env: all, folder: own });
}

/** When a replica first asked for a job, in epoch milliseconds. */
async function firstPoll({ gitlab }: ReplicaFixture): Promise<number | undefined> {
  const { events } = await gitlab.events({});
  return events.find((event) => event.kind === "request" && event.endpoint === POLL)?.at;
}

const readPlace = ({ folder: own }: ReplicaProcess): string =>
  readFileSync(join(own, "places/7.0"), "utf8").trim();

const waitingLines = (replica: ReplicaProcess): readonly string[] =>
  replica.lines().flatMap(({ state, message }) => (state === "waiting" ? [message] : []));

async function waitForLines(replica: ReplicaProcess, count: number): Promise<void> {
  await eventually(() => waitingLines(replica).length >= count, {
    what: `${count} lines of state waiting`,
    timeoutMs: 60_000,
  }).catch((cause: unknown) => {
    throw new Error(replica.log(), { cause });
  });
}

describe("the successor of a killed replica", () => {
  it.concurrent("asks for no job until an engine that is slow has ended its jobs", async () => {
    await using fixture = await createReplicaFixture();
    await using engine = await newEngine();
    engine.removalMs = 3_000;
    const replica = await start(fixture, engine);
    await replica.waitForState("online", 60_000);

    expect(await firstPoll(fixture)).toBeGreaterThan(engine.goneAt);
    expect(engine.removals()).toEqual(["DELETE /containers/c1?force=1&v=1", "DELETE /networks/n1"]);
    // It asked for the objects of both system IDs.
    const systemId = /^system ID (\S+),/.exec(await replica.waitForState("starting"))?.[1] ?? "";
    for (const id of [systemId, OTHER_ID]) {
      expect(engine.asked.some((request) => request.includes(`system_id%3D${id}`))).toBe(true);
    }
    expect(readPlace(replica)).toBe(systemId);
    expect(replica.states()).toEqual(["starting", "warning", "online"]);
  });

  it.concurrent("asks for no job as long as the engine cannot remove them", async () => {
    await using fixture = await createReplicaFixture();
    await using engine = await newEngine();
    engine.refusal = [500, "device or resource busy"];
    const { id } = await fixture.gitlab.enqueueJob({ script: ["true"] });
    const replica = await start(fixture, engine, { clock: 5 });
    await waitForLines(replica, 1);
    await sleep(5_000);

    expect(await fixture.requests(POLL)).toEqual([]);
    expect((await fixture.gitlab.job({ id })).status).toBe("pending");
    const systemId = (await fixture.systemIds())[0] ?? "";
    const waiting = `not asking for jobs yet, because it cannot remove what jobs of ${systemId} left on this node: DELETE /containers/c1: the engine answered`;
    const advice = "; remove them with `docker rm --force` if the engine cannot";
    expect(waitingLines(replica)).toEqual([`${waiting} 500 "device or resource busy"${advice}`]);
    // It tries again and again, with pauses.
    expect(engine.removals().length).toBeGreaterThan(2);
    expect(engine.removals().length).toBeLessThan(12);
    // A replica that is killed now leaves its predecessor's system ID to its own successor.
    expect(readPlace(replica)).toBe(OTHER_ID);

    engine.refusal = [409, "removal of container c1 is already in progress"];
    await waitForLines(replica, 2);
    expect(waitingLines(replica)[1]).toBe(
      `${waiting} 409 "removal of container c1 is already in progress"${advice}`,
    );
    await engine.disappear();
    await waitForLines(replica, 3);
    expect(waitingLines(replica)[2]).toContain("GET /containers/json: ");
    expect(await fixture.requests(POLL)).toEqual([]);

    engine.refusal = undefined;
    await engine.listen();
    await replica.waitForState("online", 60_000);
    expect(await firstPoll(fixture)).toBeGreaterThan(engine.goneAt);
    expect(replica.lines().find(({ state }) => state === "warning")?.message).toBe(
      `removed 2 containers and networks that jobs of ${systemId} left on this node`,
    );
  });

  it.concurrent("does not wait for a network that the engine keeps", async () => {
    await using fixture = await createReplicaFixture();
    await using engine = await newEngine();
    engine.keepsNetworks = true;
    const replica = await start(fixture, engine, { clock: 5 });
    await replica.waitForState("online", 60_000);
    const isLeft = ({ message }: { readonly message: string }) =>
      /^cannot remove what jobs of r_\w+ left on this node: DELETE \/networks\/n1: /.test(message);
    expect(replica.lines().some(isLeft)).toBe(true);
    expect(engine.containers.size).toBe(0);
    replica.stop("SIGQUIT");
    expect((await replica.exit(60_000)).code).toBe(EXIT.ok);
    // Its successor does not take over from it.
    expect(readPlace(replica)).toBe("");
  });

  it.concurrent.each(["SIGTERM", "SIGQUIT"] as const)("ends at once on %s", async (signal) => {
    await using fixture = await createReplicaFixture();
    await using engine = await newEngine();
    engine.removalMs = 600_000;
    const replica = await start(fixture, engine);
    await eventually(() => engine.removals().length > 0, { what: "a removal", timeoutMs: 30_000 });
    await eventually(async () => (await fixture.systemIds()).length > 0, {
      what: "the replica's manager",
      timeoutMs: 30_000,
    });
    const at = replica.stop(signal);
    const exit = await replica.exit();

    expect(exit.code).toBe(EXIT.ok);
    expect(exit.at - at).toBeLessThan(5_000);
    expect(await fixture.systemIds()).toEqual([]);
    expect(await fixture.requests(POLL)).toEqual([]);
    expect(readPlace(replica)).toBe(OTHER_ID);
  });

  it.concurrent("removes nothing if another running replica may have its ID", async () => {
    await using fixture = await createReplicaFixture();
    await using engine = await newEngine();
    const replica = await start(fixture, engine, { env: { POOL_PLACES: "/nowhere" } });
    await replica.waitForState("online", 60_000);
    replica.stop("SIGQUIT");
    await replica.exit();

    expect(engine.removals()).toEqual([]);
    expect(await replica.waitForState("warning")).toContain(
      "if it is killed, its jobs continue while GitLab retries them",
    );
  });
});

describe("a replica that ends", () => {
  it("keeps its place for a successor if something of its jobs is left", async () => {
    await using fixture = await createReplicaFixture();
    await using engine = await newEngine();
    const replica = await start(fixture, engine, { clock: 5 });
    await replica.waitForState("online", 60_000);
    engine.containers.add("c2");
    engine.refusal = [500, "device or resource busy"];
    replica.stop("SIGQUIT");
    expect((await replica.exit(60_000)).code).toBe(EXIT.ok);

    expect(readPlace(replica)).not.toBe("");
    expect(await fixture.systemIds()).toEqual([]);
    expect(replica.lines()).toContainEqual({
      state: "warning",
      message: expect.stringMatching(/^cannot remove what jobs of r_\w+ left .* 500 "device or/),
    });
  });
});
