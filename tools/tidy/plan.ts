import { getSystemIdPrefix } from "../../contract/identity";
import type { JobObjects } from "../../docker-engine/job-objects";

/** What happens to the objects of one system ID. */
export interface TidyEntry extends JobObjects {
  /** Why they are kept; undefined if they can be removed. */
  readonly reason: string | undefined;
  /** Whether they belong to a living replica, as they should. */
  readonly isLiving: boolean;
}

/**
 * Decides what to remove of one pool.
 * @param pool name of its service
 * @param isLiving whether a system ID belongs, or may belong, to a living replica
 */
export function planTidy(
  pool: string,
  objects: readonly JobObjects[],
  isLiving: (systemId: string) => boolean,
): readonly TidyEntry[] {
  const prefix = getSystemIdPrefix(pool);
  return objects
    .filter(({ systemId }) => systemId.startsWith(prefix))
    .map((one) => {
      if (isLiving(one.systemId)) {
        return { ...one, reason: "its replica is, or may be, running", isLiving: true };
      }
      const running = one.containers.filter((container) => container.isRunning).length;
      const reason =
        running === 0
          ? undefined
          : `${count(running, "container")} of a job still runs: a replica may control it from elsewhere; otherwise remove it with \`docker rm --force\``;
      return { ...one, reason, isLiving: false };
    });
}

/** Such as `r_abcdefghijkl: 2 volumes, 1 container`. */
export function describeEntry({ systemId, volumes, containers, networks }: JobObjects): string {
  const parts = [
    [volumes.length, "volume"],
    [containers.length, "container"],
    [networks.length, "network"],
  ] as const;
  const counts = parts.flatMap(([number, what]) => (number === 0 ? [] : [count(number, what)]));
  return `${systemId}: ${counts.join(", ")}`;
}

function count(number: number, what: string): string {
  return number === 1 ? `1 ${what}` : `${number} ${what}s`;
}
