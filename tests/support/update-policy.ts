import type { UpdatePolicy } from "../../components/wait/update-policy";

/** The default policy, as far as a test does not change it. */
export const ALL_AT_ONCE: UpdatePolicy = {
  parallelism: 0,
  delay: 0,
  order: "start-first",
  failureAction: "rollback",
  monitor: 5,
  maxFailureRatio: 0,
  nameOf: (key) => `\`${key}\``,
};
