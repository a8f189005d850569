import type { Rule } from "./rule";

/** What a replica's container is limited to, and what Swarm reserves for it. */
const PAIRS = [
  ["resources.reservations.memory", "resources.limits.memory"],
  ["resources.reservations.cpus", "resources.limits.cpus"],
] as const;

/** Swarm itself accepts such a reservation, which keeps from others what no replica can use. */
const orderReservations: Rule = ({ value, show }) => ({
  problems: PAIRS.flatMap(([reservation, limit]) => {
    const [reserved, limited] = [value(reservation), value(limit)];
    return reserved === undefined || limited === undefined || reserved <= limited
      ? []
      : [
          `${show(reservation)} must be at most ${show(limit)}: lower the reservation, or raise the limit`,
        ];
  }),
});

/** An idle replica came online with 40m, but was killed at its start with 32m. */
const MIN_MEMORY_BYTES = 40 * 1024 * 1024;

const leaveMemory: Rule = ({ value, show }) =>
  (value("resources.limits.memory") ?? MIN_MEMORY_BYTES) < MIN_MEMORY_BYTES
    ? {
        problems: [
          `${show("resources.limits.memory")} must be at least 40m, because the node kills a replica with less at its start: raise the limit`,
        ],
      }
    : {};

/** Rules about what a replica's own container may use. */
export const RESOURCE_RULES: readonly Rule[] = [orderReservations, leaveMemory];
