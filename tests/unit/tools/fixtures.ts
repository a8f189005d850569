import type { Pool } from "../../../tools/docker/pools";
import type { Task } from "../../../tools/docker/pool-task";
import type { Manager } from "../../../tools/gitlab/runners";

/** A running task in slot 1. */
export function task(changes: Partial<Task> = {}): Task {
  return {
    id: "task1",
    slot: 1,
    node: "node-a",
    created: "2026-11-24T09:00:00Z",
    since: "2026-11-24T09:00:01Z",
    state: "running",
    desiredState: "running",
    message: "started",
    image: "v19.4.0-abc",
    systemIds: ["r_pool00000001"],
    ...changes,
  };
}

/** A pool with one running replica. */
export function pool(changes: Partial<Pool> = {}): Pool {
  return {
    serviceId: "service1",
    name: "gitlab-runner-pool-dev",
    desired: 1,
    gitlabUrl: "https://gitlab.example.com",
    runnerName: "gitlab-runner-",
    registers: false,
    systemIdPrefix: "r_pool",
    poolTemplate: undefined,
    nodeIds: ["node1"],
    tasks: [task()],
    ...changes,
  };
}

/** The manager of that replica, idle. */
export function manager(changes: Partial<Manager> = {}): Manager {
  return {
    runnerId: 7,
    systemId: "r_pool00000001",
    status: "online",
    contacted: "2026-11-24T09:59:50Z",
    created: "2026-11-24T09:00:02Z",
    jobs: [],
    ...changes,
  };
}
