import * as pulumi from "@pulumi/pulumi";
import { OWNER_LABEL } from "../../contract/swarm";
import { findNetwork } from "../../docker-engine/networks";
import type { ObjectReader } from "../../docker-engine/read-objects";
import { readTasks } from "../../docker-engine/tasks";
import { findPoolService, type ServiceFacts } from "../wait/service-facts";

/** What existed of a pool before this program changed anything. */
export interface PriorState {
  /** Undefined if it does not exist or Docker could not be read. */
  readonly service: ServiceFacts | undefined;
  /** The stack that created the pool's network; undefined without a network or an owner label. */
  readonly networkOwner: string | undefined;
  /** Whether Docker could be read. */
  readonly isRead: boolean;
  /** The swarm's index at that time. Everything with a higher index happened later. */
  readonly index: number;
}

/** Reads the state before the change. If Docker does not answer, the provider reports that. */
export async function readPriorState(
  engine: ObjectReader,
  serviceName: string,
): Promise<PriorState> {
  try {
    const service = await findPoolService(engine, serviceName);
    if (service === undefined) {
      const networkOwner = (await findNetwork(engine, serviceName))?.labels[OWNER_LABEL];
      return { service, networkOwner, isRead: true, index: 0 };
    }
    // Only a wait needs the index, and a preview does not wait.
    const tasks = pulumi.runtime.isDryRun() ? [] : await readTasks(engine, service.id);
    const index = Math.max(service.index, ...tasks.map((task) => task.index));
    return { service, networkOwner: undefined, isRead: true, index };
  } catch {
    return { service: undefined, networkOwner: undefined, isRead: false, index: 0 };
  }
}
