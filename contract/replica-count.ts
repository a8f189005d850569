/** Writes a number of replicas, as in `1 replica` and `3 replicas`. */
export function formatReplicaCount(count: number): string {
  return count === 1 ? "1 replica" : `${count} replicas`;
}
