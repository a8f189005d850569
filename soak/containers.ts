import type Docker from "dockerode";
import execa from "execa";
import { RUN_FOLDER } from "../contract/replica-paths";
import { eventually } from "../tests/support/eventually";
import { followContainers, listContainers, type ContainerEvent } from "../tests/support/swarm";
import type { Observation } from "./evidence";

const SYSTEM_ID_FILE = `${RUN_FOLDER}/.runner_system_id`;

/** A replica writes its system ID a moment after its container has started. */
const SYSTEM_ID_TIMEOUT_MS = 20_000;

/** A replica whose container is running. */
export interface Replica {
  readonly containerId: string;
  readonly systemId: string;
  /** When its container was created, in epoch milliseconds. */
  readonly since: number;
}

/** Follows the containers of a service: which replica each one runs, and when it ends. */
export class Containers implements Disposable {
  private following: Disposable | undefined;
  private readonly systemIds = new Map<string, Promise<string>>();
  /** System IDs of containers that have received no stop signal and have not died. */
  private readonly active = new Map<string, string>();
  private readonly ended = new Set<string>();
  /** System IDs of containers that have not died, including draining ones. */
  private readonly alive = new Map<string, string>();
  private readonly dead = new Set<string>();
  private readonly shared = new Set<string>();

  private constructor(
    private readonly docker: Docker,
    private readonly service: string,
    private readonly onObservation: (observation: Observation) => void,
  ) {}

  /** @param onObservation called when the last replica of a system ID is stopped or dies */
  static async follow(
    docker: Docker,
    service: string,
    onObservation: (observation: Observation) => void,
  ): Promise<Containers> {
    const containers = new Containers(docker, service, onObservation);
    const actions = ["start", "kill", "die"];
    containers.following = await followContainers(docker, service, actions, (event) => {
      containers.handleEvent(event);
    });
    return containers;
  }

  private handleEvent({ action, containerId, at }: ContainerEvent): void {
    if (action === "die") {
      this.alive.delete(containerId);
      this.dead.add(containerId);
    }
    if (action !== "start") {
      this.end(containerId, at);
      return;
    }
    this.getSystemId(containerId)
      .then((systemId) => {
        if (!this.ended.has(containerId)) this.active.set(containerId, systemId);
        if (this.dead.has(containerId)) return;
        if ([...this.alive.values()].includes(systemId)) this.shared.add(systemId);
        this.alive.set(containerId, systemId);
      })
      .catch(() => {
        // The container ended before it had a system ID.
      });
  }

  /** Records that a replica no longer accepts jobs. */
  end(containerId: string, at: number): void {
    const systemId = this.active.get(containerId);
    this.active.delete(containerId);
    this.ended.add(containerId);
    if (systemId === undefined || [...this.active.values()].includes(systemId)) return;
    this.onObservation({ at, kind: "ended", systemId });
  }

  /** System IDs that two replicas have used at the same time. */
  get sharedIds(): readonly string[] {
    return [...this.shared];
  }

  /** Lists all system IDs seen so far. */
  async everyId(): Promise<readonly string[]> {
    const ids = await Promise.all([...this.systemIds.values()].map((id) => id.catch(() => "")));
    return [...new Set(ids)].filter((id) => id !== "");
  }

  /** Lists the running replicas, from Docker's API and the system ID file in each container. */
  async living(): Promise<Replica[]> {
    const running = (await listContainers(this.docker, this.service)).filter(
      ({ State }) => State === "running",
    );
    return Promise.all(
      running.map(async ({ Id, Created }) => ({
        containerId: Id,
        systemId: await this.getSystemId(Id),
        since: Created * 1000,
      })),
    );
  }

  private getSystemId(containerId: string): Promise<string> {
    const known = this.systemIds.get(containerId) ?? readSystemId(containerId);
    this.systemIds.set(containerId, known);
    return known;
  }

  [Symbol.dispose](): void {
    this.following?.[Symbol.dispose]();
  }
}

function readSystemId(containerId: string): Promise<string> {
  return eventually(
    async () => (await execa("docker", ["exec", containerId, "cat", SYSTEM_ID_FILE])).stdout,
    {
      what: `the system ID in container ${containerId}`,
      timeoutMs: SYSTEM_ID_TIMEOUT_MS,
      intervalMs: 200,
    },
  );
}
