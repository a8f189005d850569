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

/** Rules about the replicas of a pool. */
export const REPLICA_RULES: readonly Rule[] = [rejectCountOfGlobalPool];
