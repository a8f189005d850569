import type { ObjectReader } from "../../docker-engine/read-objects";
import { readService } from "../../docker-engine/services";
import { readTasks } from "../../docker-engine/tasks";
import { parseGeneration } from "./service-facts";
import type { Snapshot, Task } from "./snapshot";

/** Reads the current state of a pool's service and tasks. */
export async function readSnapshot(engine: ObjectReader, serviceId: string): Promise<Snapshot> {
  const [{ env, update }, tasks] = await Promise.all([
    readService(engine, serviceId),
    readPoolTasks(engine, serviceId),
  ]);
  return { generation: parseGeneration(env), update, tasks };
}

/** Reads the tasks of a pool's service. */
export async function readPoolTasks(
  engine: ObjectReader,
  serviceId: string,
): Promise<readonly Task[]> {
  const tasks = await readTasks(engine, serviceId);
  return tasks.map((task) => ({ ...task, generation: parseGeneration(task.env) }));
}
