import { getSystemIdPrefix } from "../../../contract/identity";
import { isObject } from "../../../contract/json";
import type { Engine } from "../system/engine/engine";
import { DEAD_STATES } from "../system/engine/job-object-list";
import { listObjects } from "../system/engine/requests";
import type { PoolOnNode } from "../system/state-file";

/** Labels that Swarm gives to the containers of a service. */
const SERVICE_ID = "com.docker.swarm.service.id";
const SERVICE_NAME = "com.docker.swarm.service.name";

/** Part of the command of every replica, whatever its image is called. */
const REPLICA_COMMAND = "gitlab-runner-pool/entrypoint.sh";

/**
 * Whether every living replica whose system ID begins with the pool's prefix is on this node and
 * holds one of the pool's places. Only then does an ID with this prefix that belongs to no held
 * place belong to no living replica.
 * @param heldPlaces how many of the pool's places are held
 * @throws Error with the reason if the engine does not answer
 */
export async function ownsPrefix(
  engine: Engine,
  { pool, node }: PoolOnNode,
  heldPlaces: number,
): Promise<boolean> {
  // Several nodes may share an engine on TCP, or one behind a forwarded socket.
  if (engine.kind !== "socket" || !(await isEngineOfNode(engine, node))) return false;
  const list = await listObjects(engine, "/containers/json?all=1");
  if (!Array.isArray(list)) return false;
  const running = list.filter(isObject).filter(({ State }) => !DEAD_STATES.includes(State));
  const [name = "", id] = pool.split("/");
  const isOwn = (labels: Readonly<Record<string, unknown>>) =>
    id === undefined ? labels[SERVICE_NAME] === name : labels[SERVICE_ID] === id;
  const others = running.filter((container) => !isOwn(readLabels(container)));
  if (others.some((container) => mayShare(container, getSystemIdPrefix(name)))) return false;
  return running.length - others.length === heldPlaces;
}

async function isEngineOfNode(engine: Engine, node: string): Promise<boolean> {
  const info = await listObjects(engine, "/info");
  const swarm = isObject(info) ? info["Swarm"] : undefined;
  return isObject(swarm) && swarm["NodeID"] === node;
}

/** Whether a container may be a replica with the same prefix: their hashes may collide. */
function mayShare(container: Readonly<Record<string, unknown>>, prefix: string): boolean {
  const service = readLabels(container)[SERVICE_NAME];
  // Outside Swarm, the prefix may come from any setting.
  return typeof service === "string"
    ? getSystemIdPrefix(service) === prefix
    : String(container["Command"]).includes(REPLICA_COMMAND);
}

function readLabels({ Labels }: Readonly<Record<string, unknown>>) {
  return isObject(Labels) ? Labels : {};
}
