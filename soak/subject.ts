import type { ActiveFault } from "../fake-gitlab/faults/book";
import { eventually } from "../tests/support/eventually";
import type { PoolFixture } from "../tests/support/pool-fixture";
import type { KillTarget } from "../tests/support/kill-target";
import type { Containers, Replica } from "./containers";
import type { Kill } from "./evidence";
import { FIRST_REPLICAS } from "./plan";
import type { Watch } from "./watch";

/**
 * How long a pool may take to settle. Swarm checks the health of new replicas every 45 s, old
 * replicas finish their jobs, and a replica whose gitlab-runner was killed delays its exit by a
 * minute.
 */
const SETTLE_TIMEOUT_MS = 150_000;

/** The pool of a soak, and everything the soak has done to it. */
export class Subject {
  replicas = FIRST_REPLICAS;
  concurrent = 1;
  edits = 0;
  kills: Kill[] = [];
  /** Runners that the soak created. The last one is in use. */
  readonly runners: number[];
  readonly faults: ActiveFault[] = [];
  /** Work that runs beside the actions. The soak waits for it at the end. */
  readonly background: Promise<void>[] = [];

  constructor(
    readonly pool: PoolFixture,
    private readonly watch: Watch,
    private readonly containers: Containers,
  ) {
    this.runners = [pool.runnerId];
  }

  /** Lists the replicas whose containers are running. */
  living(): Promise<Replica[]> {
    return this.containers.living();
  }

  /** System IDs that two replicas have used at the same time. */
  get sharedIds(): readonly string[] {
    return this.containers.sharedIds;
  }

  /** Lists the system IDs of all replicas that have existed. */
  everyId(): Promise<readonly string[]> {
    return this.containers.everyId();
  }

  /** Lists the system IDs of the managers in GitLab. */
  async managers(): Promise<string[]> {
    return (await this.pool.gitlab.managers({})).map(({ systemId }) => systemId);
  }

  /**
   * Waits until Swarm has completed its update and every replica accepts jobs and has a manager in
   * GitLab. A killed replica that is not back at that point will not come back.
   */
  async settle(): Promise<readonly Replica[]> {
    let why: string | undefined;
    const replicas = await eventually(
      async () => {
        const living = await this.living();
        why = await this.whyNotSettled(living);
        return why === undefined && living;
      },
      { what: "the pool to settle", timeoutMs: SETTLE_TIMEOUT_MS, intervalMs: 500 },
    ).catch((error: unknown) => {
      throw new Error(`the pool did not settle: ${why ?? String(error)}`, { cause: error });
    });
    const ids = replicas.map(({ systemId }) => systemId);
    this.kills = this.kills.map((kill) => ({
      ...kill,
      back: kill.back || ids.includes(kill.systemId),
    }));
    return replicas;
  }

  /** Records that a replica of the pool was killed just now. */
  recordKill(target: KillTarget, { containerId, systemId }: Replica): void {
    const at = Date.now();
    this.kills.push({ at, target, systemId, containerId, back: false });
    this.containers.end(containerId, at);
  }

  /** Returns why the pool has not settled yet; undefined if it has. */
  private async whyNotSettled(living: readonly Replica[]): Promise<string | undefined> {
    const { docker, stack } = this.pool;
    const { UpdateStatus } = (await docker.getService(stack.serviceName).inspect()) as {
      readonly UpdateStatus?: { readonly State?: string };
    };
    const state = UpdateStatus?.State ?? "completed";
    if (state !== "completed") return `Swarm's update state is ${state}`;
    if (living.length !== this.replicas) {
      return `${living.length} of ${this.replicas} containers are running`;
    }
    const killed = this.kills.map(({ containerId }) => containerId);
    const idle = living.find(
      ({ containerId, systemId, since }) =>
        killed.includes(containerId) || !this.watch.accepts(systemId, since),
    );
    if (idle !== undefined) return `${idle.systemId} does not accept jobs`;
    const managers = await this.managers();
    const absent = living.find(({ systemId }) => !managers.includes(systemId));
    return absent && `GitLab has no manager for ${absent.systemId}`;
  }
}
