import type { PlacementRequest, TaskOnNode } from "../../components/placement/request";
import type { Node } from "../../docker-engine/nodes";

/** A node with its free memory and the pool's replicas on it, old and new. */
interface State {
  readonly free: number;
  readonly own: number;
  readonly old: readonly number[];
}

/**
 * Tries every order in which Swarm could start the replicas of a pool, one after the other.
 * Memory is the only resource. Tasks that are stopping end before.
 * @param olds the replicas that a rolling update with start-first replaces: each stops once a new
 * replica runs
 * @param isEnough how many replicas must start
 */
export function canStart(
  { maxPerNode = Infinity, reservations }: PlacementRequest,
  nodes: readonly Node[],
  tasks: readonly TaskOnNode[],
  olds: readonly TaskOnNode[],
  isEnough: number,
): boolean {
  const staying = tasks.filter(({ isStopping }) => !isStopping);
  const states = nodes.map((node): State => {
    const here = [...staying, ...olds].filter(({ nodeId }) => nodeId === node.id);
    const reserved = here.reduce((sum, { reservations: { memoryBytes } }) => sum + memoryBytes, 0);
    return {
      free: (node.resources?.memoryBytes ?? 0) - reserved,
      own: here.filter(({ serviceId }) => serviceId === "own").length,
      old: olds
        .filter(({ nodeId }) => nodeId === node.id)
        .map((task) => task.reservations.memoryBytes),
    };
  });
  return search(states, isEnough);

  function search(now: readonly State[], left: number): boolean {
    if (left === 0) return true;
    return now.some((state, at) => {
      if (state.own >= maxPerNode) return false;
      if (reservations.memoryBytes > 0 && state.free < reservations.memoryBytes) return false;
      const started = replace(now, at, {
        ...state,
        free: state.free - reservations.memoryBytes,
        own: state.own + 1,
      });
      return stopOne(started).some((next) => search(next, left - 1));
    });
  }
}

/** The states after any one of the old replicas has ended. */
function stopOne(states: readonly State[]): readonly (readonly State[])[] {
  const ways = states.flatMap((state, at) =>
    state.old.map((memory, which) =>
      replace(states, at, {
        free: state.free + memory,
        own: state.own - 1,
        old: state.old.filter((_, other) => other !== which),
      }),
    ),
  );
  return ways.length === 0 ? [states] : ways;
}

function replace(states: readonly State[], at: number, state: State): readonly State[] {
  return states.map((one, index) => (index === at ? state : one));
}
