import type Docker from "dockerode";
import { eventually } from "./eventually";

/**
 * Docker's view of services and tasks, read with dockerode. The tests compare it with what
 * docker-engine/ reads, so they do not share its readers.
 */

/** A task of a service. */
export interface SwarmTask {
  readonly id: string;
  readonly slot: number;
  readonly state: string;
  readonly desiredState: string;
  readonly containerId: string | undefined;
  readonly createdAt: string;
  readonly error: string | undefined;
}

interface RawTask {
  readonly ID: string;
  readonly Slot: number;
  readonly CreatedAt: string;
  readonly DesiredState: string;
  readonly Status: {
    readonly State: string;
    readonly Err?: string;
    readonly ContainerStatus?: { readonly ContainerID?: string };
  };
}

/** Lists the tasks of a service by slot and age; empty if the service does not exist. */
export async function listTasks(docker: Docker, service: string): Promise<SwarmTask[]> {
  const raw = (await docker.listTasks({ filters: { service: [service] } })) as unknown as RawTask[];
  return raw
    .map((task) => ({
      id: task.ID,
      slot: task.Slot,
      state: task.Status.State,
      desiredState: task.DesiredState,
      containerId: task.Status.ContainerStatus?.ContainerID,
      createdAt: task.CreatedAt,
      error: task.Status.Err,
    }))
    .sort((a, b) => a.slot - b.slot || a.createdAt.localeCompare(b.createdAt));
}

/** Returns the image in the spec of a service. */
export async function readImage(docker: Docker, service: string): Promise<string> {
  const { Spec } = (await docker.getService(service).inspect()) as {
    Spec: { TaskTemplate: { ContainerSpec: { Image: string } } };
  };
  return Spec.TaskTemplate.ContainerSpec.Image;
}

/** Lists the containers of a service on this engine, running or not. */
export function listContainers(docker: Docker, service: string): Promise<Docker.ContainerInfo[]> {
  return docker.listContainers({
    all: true,
    filters: { label: [`com.docker.swarm.service.name=${service}`] },
  });
}

/** An event of a service's container. */
export interface ContainerEvent {
  readonly action: string;
  readonly containerId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Calls `onEvent` for each event with one of `actions` of a service's containers, until it is
 * disposed of.
 */
export async function followContainers(
  docker: Docker,
  service: string,
  actions: readonly string[],
  onEvent: (event: ContainerEvent) => void,
): Promise<Disposable> {
  const stream = await docker.getEvents({
    filters: { event: [...actions], label: [`com.docker.swarm.service.name=${service}`] },
  });
  let rest = "";
  stream.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines.filter((text) => text !== "")) onEvent(readEvent(line));
  });
  return {
    [Symbol.dispose]() {
      (stream as NodeJS.ReadableStream & { destroy(): void }).destroy();
    },
  };
}

function readEvent(line: string): ContainerEvent {
  const { Action, timeNano, Actor } = JSON.parse(line) as {
    readonly Action: string;
    readonly timeNano: number;
    readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
  };
  const { ID: containerId, Attributes: attributes } = Actor;
  return { action: Action, containerId, at: timeNano / 1e6, attributes };
}

export interface ContainerExit {
  readonly containerId: string;
  readonly exitCode: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * Records how the containers of a service end. A removed task disappears from the task list, but
 * its end is in the events.
 */
export class ExitRecorder implements Disposable {
  readonly exits: ContainerExit[] = [];
  private following: Disposable | undefined;

  private constructor() {
    // Use `start`, which waits for Docker.
  }

  static async start(docker: Docker, service: string): Promise<ExitRecorder> {
    const recorder = new ExitRecorder();
    const record = ({ containerId, at, attributes }: ContainerEvent): void => {
      recorder.exits.push({ containerId, at, exitCode: Number(attributes["exitCode"]) });
    };
    recorder.following = await followContainers(docker, service, ["die"], record);
    return recorder;
  }

  /** Waits until this many containers have ended. */
  async wait(count: number, timeoutMs: number): Promise<readonly ContainerExit[]> {
    await eventually(() => this.exits.length >= count, {
      what: `${count} containers to end (${this.exits.length} did)`,
      timeoutMs,
      intervalMs: 50,
    });
    return this.exits;
  }

  [Symbol.dispose](): void {
    this.following?.[Symbol.dispose]();
  }
}
