import type Docker from "dockerode";
import execa from "execa";
import { eventually } from "../support/eventually";
import { followContainers, listContainers, type ContainerEvent } from "../support/swarm";
import type { Sign } from "./evidence";

const SYSTEM_ID_FILE = "/etc/gitlab-runner/.runner_system_id";

/** A replica writes its system ID a moment after its container was started (ms). */
const SYSTEM_ID_TIMEOUT_MS = 20_000;

/** A replica whose container runs. */
export interface Replica {
  readonly containerId: string;
  readonly systemId: string;
  /** When its container was made, epoch milliseconds. */
  readonly since: number;
}

/** Follows the containers of a service: who lives in them, and when that ends. */
export class Containers implements Disposable {
  private following: Disposable | undefined;
  private readonly systemIds = new Map<string, Promise<string>>();
  /** Containers that were neither told to stop nor died, and the system IDs in them. */
  private readonly active = new Map<string, string>();
  private readonly ended = new Set<string>();

  private constructor(
    private readonly docker: Docker,
    private readonly service: string,
    private readonly onSign: (sign: Sign) => void,
  ) {}

  /** @param onSign told when the last replica of a system ID is told to stop, or dies */
  static async follow(
    docker: Docker,
    service: string,
    onSign: (sign: Sign) => void,
  ): Promise<Containers> {
    const containers = new Containers(docker, service, onSign);
    const actions = ["start", "kill", "die"];
    containers.following = await followContainers(docker, service, actions, (event) => {
      containers.happen(event);
    });
    return containers;
  }

  private happen({ action, containerId, at }: ContainerEvent): void {
    if (action !== "start") {
      this.end(containerId, at);
      return;
    }
    this.systemIdIn(containerId)
      .then((systemId) => {
        if (!this.ended.has(containerId)) this.active.set(containerId, systemId);
      })
      .catch(() => {
        // It ended before it had one.
      });
  }

  /** Notes that a replica accepts no jobs any more. */
  end(containerId: string, at: number): void {
    const systemId = this.active.get(containerId);
    this.active.delete(containerId);
    this.ended.add(containerId);
    if (systemId === undefined || [...this.active.values()].includes(systemId)) return;
    this.onSign({ at, kind: "ended", systemId });
  }

  /** Replicas whose containers run, as Docker and the file in the container say. */
  async living(): Promise<Replica[]> {
    const running = (await listContainers(this.docker, this.service)).filter(
      ({ State }) => State === "running",
    );
    return Promise.all(
      running.map(async ({ Id, Created }) => ({
        containerId: Id,
        systemId: await this.systemIdIn(Id),
        since: Created * 1000,
      })),
    );
  }

  private systemIdIn(containerId: string): Promise<string> {
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
