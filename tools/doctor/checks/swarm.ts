import { EngineError } from "../../../docker-engine/api";
import {
  readEngineInfo,
  type EngineInfo,
  type SwarmRole,
} from "../../../docker-engine/engine-details";
import {
  describeUnavailable,
  isAvailable,
  readNodes,
  type Node,
} from "../../../docker-engine/nodes";
import type { ObjectReader } from "../../../docker-engine/read-objects";
import { count } from "../pools";
import { failed, passed, warned, type Result } from "../outcome";

/** A swarm that can run replicas. */
export interface CheckedSwarm {
  readonly info: EngineInfo;
  /** The nodes to which Swarm assigns tasks. */
  readonly nodes: readonly Node[];
  /** Those nodes and the others. */
  readonly allNodes: readonly Node[];
}

/** Checks that the engine is a manager of a swarm with nodes for the replicas. */
export async function checkSwarm(engine: ObjectReader): Promise<Result<CheckedSwarm>> {
  const info = await readEngineInfo(engine);
  const problem = describeRole(info);
  if (problem !== undefined) return failed(problem);
  const all = await readNodes(engine).catch((error: unknown) => {
    if (error instanceof EngineError) return error;
    throw error;
  });
  if (all instanceof EngineError) {
    return failed(
      `${info.name} cannot list the nodes (${all.message}): start the other managers, because a majority of them must be reachable`,
    );
  }
  const nodes = all.filter(isAvailable);
  const others = all.filter((node) => !isAvailable(node)).map(describeUnavailable);
  if (nodes.length === 0) {
    return failed(
      `no node can run replicas: ${others.join(", ")}: start the nodes, or set them to active with \`docker node update --availability active NODE\``,
    );
  }
  const text = `${info.name} is a manager, ${count(nodes.length, "node")} can run replicas`;
  const value = { info, nodes, allNodes: all };
  return others.length === 0
    ? passed(text, value)
    : warned(`${text}, but ${others.join(", ")}: check \`docker node ls\``, value);
}

function describeRole({ name, swarm }: EngineInfo): string | undefined {
  switch (swarm.state) {
    case "active":
      return swarm.isManager ? undefined : describeWorker(name, swarm);
    case "inactive":
      return `${name} is not part of a swarm: run \`docker swarm init\` on it, or set DOCKER_HOST to a manager of a swarm`;
    case "locked":
      return `the swarm of ${name} is locked: run \`docker swarm unlock\` on it`;
    default: {
      const reason = swarm.error === "" ? "" : ` (${swarm.error})`;
      return `the state of ${name} in its swarm is ${swarm.state}${reason}: check the network between the nodes, and \`docker info\``;
    }
  }
}

function describeWorker(name: string, { managers }: SwarmRole): string {
  const addresses = managers.length === 0 ? "" : ` (${managers.join(", ")})`;
  return `${name} is a worker: set DOCKER_HOST to a manager${addresses}, or run \`docker node promote ${name}\` on a manager`;
}
