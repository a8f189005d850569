import type { Transport } from "../../gitlab-api/call";
import type { Pool } from "../docker/pools";
import { GitlabClient } from "./client";
import { connect } from "./connect";
import { findPaused, listManagers, listRunners, type Manager } from "./runners";
import { whyIncomplete, type Visibility } from "./visibility";
import { whyTokenNotSent } from "./token-scope";

/** A pool's managers and its paused runners, or why they are unknown. */
export type PoolManagers =
  | { readonly managers: readonly Manager[]; readonly paused: readonly number[] }
  | { readonly unavailable: string };

/** A pool, and the IDs of the runners that its replicas logged. */
export interface NamedPool {
  readonly pool: Pool;
  readonly named: readonly number[];
}

/** GitLab's data about all pools. */
interface GitlabData {
  readonly managers: readonly Manager[];
  readonly paused: readonly number[];
  /** Undefined if no replica is missing. It does not matter then. */
  readonly visibility: Visibility | undefined;
}

/**
 * Finds the managers of pools in GitLab. A killed replica's manager may belong to any runner, so
 * the first search covers all runners that the token may see. Later searches cover only the runners
 * found by the first one, as long as no replica is missing.
 */
export class ManagerSearch {
  private readonly found = new Map<string, readonly number[]>();
  private readonly transports = new Map<string, Transport>();

  /**
   * @param env contains an access token with the scope read_api or api in GITLAB_TOKEN
   * @param readAuthorities reads the certificate authorities of a pool for GitLab, in PEM
   */
  constructor(
    private readonly env: Readonly<Record<string, string | undefined>>,
    private readonly readAuthorities: (pool: Pool) => Promise<string | undefined>,
  ) {}

  /** What is known about each pool, by pool name. */
  async find(all: readonly NamedPool[]): Promise<ReadonlyMap<string, PoolManagers>> {
    const result = new Map<string, PoolManagers>();
    const urls = [...new Set(all.map(({ pool }) => pool.gitlabUrl))];
    for (const url of urls) {
      const here = all.filter(({ pool }) => pool.gitlabUrl === url);
      const refusal = whyTokenNotSent(this.env, url, urls);
      const shown =
        refusal === undefined ? await this.findOnInstance(url, here) : { unavailable: refusal };
      for (const one of here) {
        result.set(one.pool.name, "unavailable" in shown ? shown : selectPool(one, shown));
      }
    }
    return result;
  }

  private async findOnInstance(
    url: string,
    pools: readonly NamedPool[],
  ): Promise<GitlabData | { readonly unavailable: string }> {
    const { GITLAB_TOKEN: token = "" } = this.env;
    if (token === "") {
      return { unavailable: "GITLAB_TOKEN must hold an access token with the `read_api` scope" };
    }
    try {
      const transport = await this.connect(url, pools);
      const client = new GitlabClient({ apiUrl: `${url}/api/v4`, token, transport });
      return await this.fetchData(client, url, pools);
    } catch (error) {
      return { unavailable: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Reuses a transport, because a new one parses all certificate authorities. */
  private async connect(url: string, pools: readonly NamedPool[]): Promise<Transport> {
    const own = await Promise.all(pools.map(({ pool }) => this.readAuthorities(pool)));
    const caCertificate = own.flatMap((pem) => pem ?? []).join("\n");
    const key = `${url} ${caCertificate}`;
    const transport = this.transports.get(key) ?? connect(this.env, { caCertificate });
    this.transports.set(key, transport);
    return transport;
  }

  private async fetchData(
    client: GitlabClient,
    url: string,
    pools: readonly NamedPool[],
  ): Promise<GitlabData> {
    const isWanted = (systemId: string) => pools.some(({ pool }) => belongsTo(pool)({ systemId }));
    const before = await listManagers(client, this.found.get(url) ?? [], isWanted);
    if (isComplete(pools, before.managers)) {
      const paused = await findPaused(client, runnerIds(before.managers));
      return { managers: before.managers, paused, visibility: undefined };
    }
    const { runners, isInstanceWide } = await listRunners(client);
    const listed = runners.map(({ id }) => id);
    const named = pools.flatMap((one) => one.named);
    const ids = [...new Set([...named, ...listed])];
    const { managers, hidden } = await listManagers(client, ids, isWanted);
    const owners = runnerIds(managers);
    this.found.set(url, owners);
    const paused = await findPaused(client, owners);
    return { managers, paused, visibility: { isInstanceWide, listed, hidden } };
  }
}

/** Selects the data of one pool. */
function selectPool(
  { pool, named }: NamedPool,
  { managers, paused, visibility }: GitlabData,
): PoolManagers {
  const own = managers.filter(belongsTo(pool));
  const isRunning = pool.tasks.some(({ state }) => state === "running" || state === "starting");
  if (visibility !== undefined && isRunning) {
    const unavailable = whyIncomplete(visibility, {
      named,
      isFound: own.length > 0,
      registers: false,
    });
    if (unavailable !== undefined) return { unavailable };
  }
  return { managers: own, paused: paused.filter((id) => runnerIds(own).includes(id)) };
}

function runnerIds(managers: readonly Manager[]): readonly number[] {
  return [...new Set(managers.map(({ runnerId }) => runnerId))];
}

/**
 * Matches by the prefix of the system ID, or by the system IDs of the tasks if the pool has no
 * prefix.
 */
function belongsTo({
  systemIdPrefix,
  tasks,
}: Pool): (manager: Pick<Manager, "systemId">) => boolean {
  return ({ systemId }) =>
    systemIdPrefix === undefined
      ? tasks.some(({ systemIds }) => systemIds.includes(systemId))
      : systemId.startsWith(systemIdPrefix);
}

/** Whether each replica that Swarm counts as running is among the managers. */
function isComplete(pools: readonly NamedPool[], managers: readonly Manager[]): boolean {
  const running = pools.flatMap(({ pool }) =>
    pool.tasks.filter(({ state }) => state === "running"),
  );
  return (
    running.length > 0 &&
    running.every(({ systemIds }) => managers.some(({ systemId }) => systemIds.includes(systemId)))
  );
}
