import type { Rule } from "./rule";

/** Swarm decides how many replicas a global pool has: one on each node. */
const rejectCountOfGlobalPool: Rule = ({ value, isSet, name, show }) =>
  value("mode") === "global" && isSet("replicas")
    ? {
        problems: [
          `${show("replicas")} must not be set together with ${show("mode")}, because a global pool has one replica on each node: unset ${name("replicas")}, or set ${name("mode")} to replicated`,
        ],
      }
    : {};

/** A global pool has one replica on each node anyway. */
const rejectDistributionOfGlobalPool: Rule = ({ value, isSet, name, show }) => {
  const useless = (["placement.maxPerNode", "placement.spread"] as const).filter(isSet);
  return value("mode") === "global"
    ? {
        problems: useless.map(
          (key) =>
            `${show(key)} has no effect together with ${show("mode")}, because a global pool has one replica on each node: unset ${name(key)}, or choose the nodes with ${name("placement.constraints")}`,
        ),
      }
    : {};
};

/** Rules about the replicas of a pool. */
export const REPLICA_RULES: readonly Rule[] = [
  rejectCountOfGlobalPool,
  rejectDistributionOfGlobalPool,
];
