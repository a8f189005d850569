import type { ActiveFault } from "../../local/gitlab/faults/book";
import { eventually } from "../support/eventually";
import type { PoolFixture } from "../support/pool-fixture";
import type { Victim } from "../support/victims";
import type { Containers, Replica } from "./containers";
import type { Kill } from "./evidence";
import { FIRST_REPLICAS } from "./plan";
import type { Watch } from "./watch";

/**
 * How long a pool may take to come to rest (ms): swarm looks at the health of new replicas every 40 s, old ones finish
 * their jobs, and a replica whose gitlab-runner was killed holds on for a minute before swarm starts it again.
 */
const SETTLE_TIMEOUT_MS = 150_000;

/** The pool of a soak, and what was done to it so far. */
export class Subject {
  replicas = FIRST_REPLICAS;
  concurrent = 1;
  edits = 0;
  kills: Kill[] = [];
  /** Runners that were made, the one in use last. */
  readonly runners: number[];
  readonly faults: ActiveFault[] = [];
  /** What goes on beside the actions; waited for at the end. */
  readonly background: Promise<void>[] = [];

  constructor(
    readonly pool: PoolFixture,
    private readonly watch: Watch,
    private readonly containers: Containers,
  ) {
    this.runners = [pool.runnerId];
  }

  /** Replicas whose containers run. */
  living(): Promise<Replica[]> {
    return this.containers.living();
  }

  /** System IDs of the managers in GitLab. */
  async managers(): Promise<string[]> {
    return (await this.pool.gitlab.managers({})).map(({ systemId }) => systemId);
  }

  /**
   * Waits until swarm is done with what it was told, and every replica accepts jobs and is in GitLab. Replicas that were
   * killed are back then, or never will be.
   */
  async settle(): Promise<readonly Replica[]> {
    let why: string | undefined;
    const replicas = await eventually(
      async () => {
        const living = await this.living();
        why = await this.unrest(living);
        return why === undefined && living;
      },
      { what: "the pool to come to rest", timeoutMs: SETTLE_TIMEOUT_MS, intervalMs: 500 },
    ).catch((error: unknown) => {
      throw new Error(`the pool did not come to rest: ${why ?? String(error)}`, { cause: error });
    });
    const ids = replicas.map(({ systemId }) => systemId);
    this.kills = this.kills.map((kill) => ({
      ...kill,
      back: kill.back || ids.includes(kill.systemId),
    }));
    return replicas;
  }

  /** Notes that a replica of the pool was killed just now. */
  noteKill(victim: Victim, { containerId, systemId }: Replica): void {
    const at = Date.now();
    this.kills.push({ at, victim, systemId, containerId, back: false });
    this.containers.end(containerId, at);
  }

  /** What is not at rest yet; undefined if all is. */
  private async unrest(living: readonly Replica[]): Promise<string | undefined> {
    const { docker, stack } = this.pool;
    const { UpdateStatus } = (await docker.getService(stack.serviceName).inspect()) as {
      readonly UpdateStatus?: { readonly State?: string };
    };
    const state = UpdateStatus?.State ?? "completed";
    if (state !== "completed") return `swarm's update is ${state}`;
    if (living.length !== this.replicas) return `${living.length} containers of ${this.replicas}`;
    const killed = this.kills.map(({ containerId }) => containerId);
    const idle = living.find(
      ({ containerId, systemId, since }) =>
        killed.includes(containerId) || !this.watch.accepts(systemId, since),
    );
    if (idle !== undefined) return `${idle.systemId} does not accept jobs`;
    const managers = await this.managers();
    const absent = living.find(({ systemId }) => !managers.includes(systemId));
    return absent && `GitLab has no manager ${absent.systemId}`;
  }
}
