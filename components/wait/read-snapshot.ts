import { isPullFailure } from "../../contract/pull-failure";
import { listGlobalNodes } from "../../docker-engine/global-service";
import { readNodes } from "../../docker-engine/nodes";
import type { ObjectReader } from "../../docker-engine/read-objects";
import { readService } from "../../docker-engine/services";
import { readTasks } from "../../docker-engine/tasks";
import { parseGeneration } from "./service-facts";
import type { Snapshot, Task } from "./snapshot";

/** Reads the current state of a pool's service and tasks. */
export async function readSnapshot(engine: ObjectReader, serviceId: string): Promise<Snapshot> {
  const [{ env, update, replicas, placement }, tasks] = await Promise.all([
    readService(engine, serviceId),
    readPoolTasks(engine, serviceId),
  ]);
  const nodes =
    replicas === undefined ? { nodes: listGlobalNodes(await readNodes(engine), placement) } : {};
  return { generation: parseGeneration(env), update, tasks, ...nodes };
}

/** Reads the tasks of a pool's service. */
export async function readPoolTasks(
  engine: ObjectReader,
  serviceId: string,
): Promise<readonly Task[]> {
  const tasks = await readTasks(engine, serviceId);
  const isNodeNeeded = tasks.some(({ error }) => isPullFailure(error));
  const nodes = isNodeNeeded ? await readNodes(engine) : [];
  return tasks.map((task) => {
    const name = nodes.find(({ id }) => id === task.nodeId)?.name;
    const node = isPullFailure(task.error) && name !== undefined ? { node: name } : {};
    return { ...task, generation: parseGeneration(task.env), ...node };
  });
}
