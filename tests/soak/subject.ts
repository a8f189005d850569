import type { ActiveFault } from "../../local/gitlab/faults/book";
import { eventually } from "../support/eventually";
import type { PoolFixture } from "../support/pool-fixture";
import type { Victim } from "../support/victims";
import type { Containers, Replica } from "./containers";
import type { Kill } from "./evidence";
import { FIRST_REPLICAS } from "./plan";
import type { Watch } from "./watch";

/**
 * How long a pool may take to come to rest (ms): swarm looks at the health of new replicas every 30 s, old ones finish
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

  living(): Promise<Replica[]> {
    return this.containers.living();
  }

  async managers(): Promise<string[]> {
    return (await this.pool.gitlab.managers({})).map(({ systemId }) => systemId);
  }

  /**
   * Waits until swarm is done with what it was told, every replica accepts jobs, and GitLab has their managers alone.
   * Replicas that were killed are back then, or never will be.
   */
  async settle(): Promise<readonly Replica[]> {
    const replicas = await eventually(async () => ((await this.unrest()) ? undefined : this.seen), {
      what: "the pool to come to rest",
      timeoutMs: SETTLE_TIMEOUT_MS,
      intervalMs: 500,
    }).catch(async (error: unknown) => {
      const why = (await this.unrest()) ?? "at rest now";
      throw new Error(`${error instanceof Error ? error.message : String(error)}: ${why}`);
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

  private seen: readonly Replica[] = [];

  /** What is not at rest yet; undefined if all is. */
  private async unrest(): Promise<string | undefined> {
    const { docker, stack } = this.pool;
    const { UpdateStatus } = (await docker.getService(stack.serviceName).inspect()) as {
      readonly UpdateStatus?: { readonly State?: string };
    };
    const state = UpdateStatus?.State ?? "completed";
    if (state !== "completed") return `swarm's update is ${state}`;
    this.seen = await this.living();
    if (this.seen.length !== this.replicas) {
      return `${this.seen.length} containers of ${this.replicas}`;
    }
    const killed = this.kills.map(({ containerId }) => containerId);
    const idle = this.seen.find(
      ({ containerId, systemId, since }) =>
        killed.includes(containerId) || !this.watch.accepts(systemId, since),
    );
    if (idle !== undefined) return `${idle.systemId} does not accept jobs`;
    const managers = (await this.managers()).sort().join(", ");
    const expected = this.seen
      .map(({ systemId }) => systemId)
      .sort()
      .join(", ");
    return managers === expected ? undefined : `managers ${managers}, and replicas ${expected}`;
  }
}
