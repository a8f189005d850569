/** What a pool requires of the nodes of its replicas, in any form. */
interface Conditions {
  readonly constraints?: readonly unknown[] | undefined;
  readonly platforms?: readonly unknown[] | undefined;
}

/** Names the settings that choose the nodes of a pool; empty if every node will do. */
export function nameConditions(
  { constraints = [], platforms = [] }: Conditions,
  name: (key: "placement.constraints" | "placement.platforms") => string,
): string {
  return [
    ...(constraints.length > 0 ? [name("placement.constraints")] : []),
    ...(platforms.length > 0 ? [name("placement.platforms")] : []),
  ].join(" and ");
}
