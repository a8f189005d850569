import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getSystemId } from "../../contract/identity";
import { lockFile, type Lock } from "../../runner-image/src/tidy/places";
import { tidy, type Tidying } from "../../runner-image/src/tidy/tidy";
import { ofJob, startLeftoversEngine, type LeftoversEngine } from "./leftovers-engine";

const POOL = "ci/service1";
export const idOf = (slot: string, place: string, pool = POOL, node = "node1"): string =>
  getSystemId({ pool, node, slot, place });
/** The IDs of the replica that tidies up, of another living one, and of one that was killed. */
const [OWN, LIVING] = [idOf("1", "0"), idOf("2", "0")] as const;
export const DEAD = idOf("3", "0");
/** Has the mark of the pool, but no place: that of a deleted service of the same name. */
export const EARLIER = idOf("1", "0", "ci/service0");
export const FOREIGN = idOf("1", "0", "other/service2");

const OWNERS = {
  own: ofJob(OWN),
  living: ofJob(LIVING),
  dead: ofJob(DEAD),
  earlier: ofJob(EARLIER),
  foreign: ofJob(FOREIGN),
  "not managed": { "com.gitlab.gitlab-runner.runner.system_id": DEAD },
};

export const ALL = Object.keys(OWNERS);
export const ALIVE = ["own", "living", "foreign", "not managed"];

/** A replica's own container, as Swarm labels it. */
export const replica = (
  id: string,
  service = "ci",
  serviceId = "service1",
): { readonly id: string; readonly labels: Readonly<Record<string, string>> } => ({
  id,
  labels: {
    "com.docker.swarm.service.id": serviceId,
    "com.docker.swarm.service.name": service,
  },
});

/** A node with two living replicas of a pool, and what living and killed ones have there. */
export interface PoolLeftovers extends AsyncDisposable {
  readonly fake: LeftoversEngine;
  /** The folder of the places. */
  readonly places: string;
  /** What the replica reported. */
  readonly said: string[];
  /** Creates a place. @param held whether a replica holds it */
  readonly place: (name: string, held: boolean, content?: string) => void;
  /** Lets the first replica tidy up. */
  readonly run: (options?: {
    readonly confirmMs?: number;
    readonly state?: Partial<Tidying["state"]>;
  }) => Promise<void>;
  /**
   * Names of the owners whose container, network and volume remain.
   * @throws Error if only some of an owner's objects remain
   */
  readonly remaining: () => readonly string[];
}

export async function createPoolLeftovers(): Promise<PoolLeftovers> {
  const places = mkdtempSync(join(tmpdir(), "places-"));
  const fake = await startLeftoversEngine();
  const [locks, said]: [Lock[], string[]] = [[], []];
  const place = (name: string, held: boolean, content = "") => {
    const path = join(places, name);
    writeFileSync(path, content);
    const lock = held ? lockFile(path) : undefined;
    if (lock !== undefined) locks.push(lock);
  };
  fake.answers.set("GET /info", { status: 200, body: { Swarm: { NodeID: "node1" } } });
  place("1.0", true, `${OWN}\n`);
  place("2.0", true, `${LIVING}\n`);
  place("3.0", false, `${DEAD}\n`);
  const owners = Object.entries(OWNERS);
  fake.objects.containers = [
    replica("replica 1"),
    replica("replica 2"),
    ...owners.map(([name, labels]) => ({
      ...{ id: `c ${name}`, labels, state: name === "earlier" ? "exited" : "running" },
    })),
  ];
  fake.objects.networks = owners.map(([name, labels]) => ({ id: `n ${name}`, labels }));
  fake.objects.volumes = owners.map(([name, labels]) => ({ name: `v ${name}`, labels }));
  return {
    ...{ fake, places, said, place },
    run: ({ confirmMs = 1, state = {} } = {}) =>
      tidy({
        paths: { tidy: join(places, "reported") },
        state: {
          ...{ place: join(places, "1.0"), engine: fake.engine, systemId: OWN, tidiesUp: true },
          ...{ poolOnNode: { pool: POOL, node: "node1" }, ...state },
        },
        report: (kind, message) => said.push(`${kind}: ${message}`),
        confirmMs,
      }),
    remaining: () => listOwners(fake),
    async [Symbol.asyncDispose]() {
      for (const lock of locks) lock.release();
      await fake[Symbol.asyncDispose]();
      rmSync(places, { recursive: true });
    },
  };
}

function listOwners({ objects }: LeftoversEngine): readonly string[] {
  const find = (names: readonly string[], letter: string) =>
    names.filter((name) => name.startsWith(`${letter} `)).map((name) => name.slice(2));
  const kinds = [
    find(
      objects.containers.map(({ id }) => id),
      "c",
    ),
    find(
      objects.networks.map(({ id }) => id),
      "n",
    ),
    find(
      objects.volumes.map(({ name }) => name),
      "v",
    ),
  ];
  const [first = [], ...others] = kinds;
  if (others.some((kind) => String(kind) !== String(first))) {
    throw new Error(`only parts remain: ${JSON.stringify(kinds)}`);
  }
  return first;
}
