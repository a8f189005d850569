/** Formats a number of replicas: `1 replica`, `3 replicas`. */
export function formatReplicaCount(count: number): string {
  return count === 1 ? "1 replica" : `${count} replicas`;
}
