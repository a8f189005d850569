import { describePlacement } from "../../../components/placement/describe-placement";
import { listTasksOnNodes } from "../../../components/placement/held-tasks";
import { judgePlacement } from "../../../components/placement/judge-placement";
import { warnOfManagers } from "../../../components/placement/manager-warning";
import {
  dependsOnTasks,
  type PlacementRequest,
  type SwarmState,
} from "../../../components/placement/request";
import { toPlacementRequest } from "../../../components/placement/to-request";
import { defaultOf, type SettingKey } from "../../../contract/settings/keys";
import type { Node } from "../../../docker-engine/nodes";
import type { ObjectReader } from "../../../docker-engine/read-objects";
import { readServices, type Service } from "../../../docker-engine/services";
import { readTasks } from "../../../docker-engine/tasks";
import type { StackPool, StackSettings } from "../../../stack/stack-settings";
import { haveNodeSocket, listPools, nameInSentence, nameSetting, readParsed } from "../pools";

/** What a comparison of the pools with the nodes found. */
export interface PlacementFindings {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** A swarm, with the names of the services whose tasks hold resources. */
interface ReadSwarm extends SwarmState {
  readonly services: readonly Service[];
}

/** Compares what each pool requests of the nodes with what they have, as `pulumi up` does. */
export async function comparePlacement(
  settings: StackSettings,
  nodes: readonly Node[],
  engine: ObjectReader,
): Promise<PlacementFindings> {
  const pools = listPools(settings).map((pool) => ({ pool, request: readRequest(pool) }));
  const isNeeded = pools.some(({ request }) => dependsOnTasks(request));
  const [tasks, services] = isNeeded
    ? await Promise.all([readTasks(engine), readServices(engine)])
    : [[], []];
  const swarm = { nodes, tasks: listTasksOnNodes(tasks), services };
  const findings = pools.map((pool) => compare(pool, settings, swarm));
  return {
    problems: findings.flatMap(({ problems }) => problems),
    warnings: findings.flatMap(({ warnings }) => warnings),
  };
}

interface RequestingPool {
  readonly pool: StackPool;
  readonly request: PlacementRequest;
}

function compare(
  { pool, request }: RequestingPool,
  settings: StackSettings,
  swarm: ReadSwarm,
): PlacementFindings {
  const own = swarm.services.find(({ name }) => name === pool.args.serviceName);
  // Whether an update would replace the replicas depends on the image, which is not built here.
  const prior =
    own === undefined
      ? undefined
      : ({ id: own.id, replicas: own.replicas, change: "replacement" } as const);
  const { problem, warning } = describePlacement(judgePlacement(request, swarm, prior), {
    request,
    swarm,
    name: (key) => nameSetting(pool, key),
    services: new Map(
      swarm.services.filter((one) => one !== own).map(({ id, name }) => [id, name]),
    ),
  });
  const managers = haveNodeSocket(pool)
    ? warnOfManagers(swarm.nodes, request, nameSetting(pool, "placement.constraints"))
    : undefined;
  const list = (text: string | undefined) =>
    text === undefined ? [] : [`${nameInSentence(pool, settings)}${text}`];
  return { problems: list(problem), warnings: [...list(warning), ...list(managers)] };
}

function readRequest(pool: StackPool): PlacementRequest {
  const read = <K extends SettingKey>(key: K) => readParsed(pool, key);
  return toPlacementRequest({
    replicas: read("mode") === "global" ? undefined : (read("replicas") ?? defaultOf("replicas")),
    constraints: read("placement.constraints"),
    platforms: read("placement.platforms"),
    maxPerNode: read("placement.maxPerNode"),
    reservations: {
      memory: read("resources.reservations.memory"),
      cpus: read("resources.reservations.cpus"),
      generic: read("resources.reservations.generic"),
    },
    order: read("update.order") === "stop-first" ? "stop-first" : "start-first",
  });
}
