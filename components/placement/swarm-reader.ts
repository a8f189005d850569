import type { Resource } from "@pulumi/pulumi";
import { readNodes, type Node } from "../../docker-engine/nodes";
import type { ObjectReader } from "../../docker-engine/read-objects";
import { readServices, type Service } from "../../docker-engine/services";
import { readTasks, type Task } from "../../docker-engine/tasks";
import { findDockerProvider } from "../engine";
import { PlannedPools } from "./planned-pools";

/** Reads a swarm as it was before the program changed anything. Reads each list only once. */
export class SwarmReader {
  /** The pools of this program in the swarm. */
  readonly pools = new PlannedPools();
  private nodeList: Promise<readonly Node[]> | undefined;
  private taskList: Promise<readonly Task[]> | undefined;
  private serviceList: Promise<readonly Service[]> | undefined;

  constructor(private readonly engine: ObjectReader) {}

  nodes(): Promise<readonly Node[]> {
    this.nodeList ??= readNodes(this.engine);
    return this.nodeList;
  }

  tasks(): Promise<readonly Task[]> {
    this.taskList ??= readTasks(this.engine);
    return this.taskList;
  }

  services(): Promise<readonly Service[]> {
    this.serviceList ??= readServices(this.engine);
    return this.serviceList;
  }
}

const readers = new WeakMap<object, SwarmReader>();

/** Returns the reader that all pools with the same docker provider share. */
export function getSwarmReader(pool: Resource, engine: ObjectReader): SwarmReader {
  const provider = findDockerProvider(pool);
  const reader = (provider && readers.get(provider)) ?? new SwarmReader(engine);
  if (provider !== undefined) readers.set(provider, reader);
  return reader;
}
