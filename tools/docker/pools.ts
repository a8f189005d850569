import type { EngineApi } from "../../docker-engine/api";
import { listGlobalNodes } from "../../docker-engine/global-service";
import { readNodes, type Node } from "../../docker-engine/nodes";
import { readServices, type Service } from "../../docker-engine/services";
import { readTasks, type Task as ApiTask } from "../../docker-engine/tasks";
import { getSystemIdPrefix } from "../../contract/identity";
import { toPlainLine } from "../../contract/plain-text";
import { TASK_ENV } from "../../contract/replica-env";
import { envOf } from "../../contract/settings/keys";
import {
  RUNNER_NAME,
  parseSettings,
  readTask,
  type ReplicaVariables,
  type Task,
} from "./pool-task";
import { expandTemplate } from "./template";

/** A swarm service whose replicas are runners. */
export interface Pool {
  readonly serviceId: string;
  /** Name of the service. */
  readonly name: string;
  /** The desired number of replicas; for a global service, the number of nodes that have one. */
  readonly desired: number;
  readonly gitlabUrl: string;
  /** First part of the descriptions of the runners that the replicas register. */
  readonly runnerName: string;
  /** Whether each replica registers its own runner, with a legacy registration token. */
  readonly registers: boolean;
  /**
   * Prefix of the system IDs of all its replicas; undefined if the service does not name its pool.
   */
  readonly systemIdPrefix: string | undefined;
  /**
   * Template of the pool's name, if it contains the service's ID and the replicas know their node
   * and slot.
   */
  readonly poolTemplate: string | undefined;
  /** IDs of the swarm's nodes. */
  readonly nodeIds: readonly string[];
  readonly tasks: readonly Task[];
}

/** A service whose settings cannot be read. Whether it is a pool is unknown. */
export interface SkippedService {
  readonly name: string;
  readonly reason: string;
}

/** The pools in the swarm, and the services that may be pools. */
export interface Swarm {
  readonly pools: readonly Pool[];
  readonly skipped: readonly SkippedService[];
}

/**
 * Reads the pools in the swarm.
 * @param names services to read
 * @default all services whose containers have a GitLab URL
 * @throws Error if the engine cannot be reached, is not a manager node, or lacks a named service
 */
export async function readPools(engine: EngineApi, names: readonly string[] = []): Promise<Swarm> {
  const [services, tasks, nodes] = await Promise.all([
    readServices(engine),
    readTasks(engine),
    readNodes(engine),
  ]);
  const selected = services.filter(({ name }) => names.length === 0 || names.includes(name));
  const skipped = selected.flatMap(({ name, env }) => {
    const settings = parseSettings(env);
    return settings instanceof Error ? [{ name: toPlainLine(name), reason: settings.message }] : [];
  });
  const pools = selected.flatMap((service) => readPool(service, tasks, nodes) ?? []);
  const missing = names.filter((name) => !pools.some((pool) => pool.name === name));
  if (missing.length > 0) {
    const reasons = missing.map((name) => {
      const reason = skipped.find((one) => one.name === name)?.reason;
      return reason === undefined ? name : `${name} (${reason})`;
    });
    throw new Error(`no such pool in this swarm: ${reasons.join(", ")}`);
  }
  return { pools: pools.sort((a, b) => (a.name < b.name ? -1 : 1)), skipped };
}

/** @returns undefined if the service is not a pool */
function readPool(
  service: Service,
  tasks: readonly ApiTask[],
  nodes: readonly Node[],
): Pool | undefined {
  const { id, name, env } = service;
  const settings = parseSettings(env);
  if (settings instanceof Error) return undefined;
  const gitlabUrl = settings[envOf("gitlabUrl")];
  if (gitlabUrl === undefined) return undefined;
  const pool = settings[TASK_ENV.pool];
  const hosts = new Map(nodes.map((node) => [node.id, node.name]));
  return {
    serviceId: id,
    name,
    desired: service.replicas ?? listGlobalNodes(nodes, service.placement).length,
    gitlabUrl,
    runnerName: settings[envOf("runnerName")] ?? RUNNER_NAME,
    registers: settings[envOf("tokenKind")] === "registration",
    systemIdPrefix:
      pool === undefined
        ? undefined
        : getSystemIdPrefix(expandTemplate(pool, { service: { id, name } })),
    poolTemplate: hasUniqueSystemIds(settings) ? pool : undefined,
    nodeIds: [...hosts.keys()],
    tasks: tasks
      .filter(({ serviceId }) => serviceId === id)
      .map((task) => readTask(task, name, hosts)),
  };
}

/**
 * Whether the system IDs of a service's replicas are derived from values that are unique to this
 * swarm, as those of a stack's pool are.
 */
function hasUniqueSystemIds(settings: ReplicaVariables): boolean {
  return (
    settings[TASK_ENV.pool]?.includes("{{.Service.ID}}") === true &&
    settings[TASK_ENV.node] === "{{.Node.ID}}" &&
    settings[TASK_ENV.slot] === "{{.Task.Slot}}"
  );
}
