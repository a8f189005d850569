import type { Rule } from "./rule";

/** A job that takes longer than a stopping replica waits is aborted by every update. */
const warnOfShortDrain: Rule = ({ value, isSet, show, name }) => {
  const [drain, maximum] = [value("drainTimeout"), value("maximumTimeout")];
  if (drain === undefined || maximum === undefined || drain >= maximum) return {};
  if (!isSet("maximumTimeout") && !isSet("drainTimeout")) return {};
  return {
    warnings: [
      `${show("drainTimeout")} is shorter than ${show("maximumTimeout")}, so an update or a smaller number of replicas may abort a long job: raise ${name("drainTimeout")}, or lower ${name("maximumTimeout")}`,
    ],
  };
};

/** Rules about the runner and its jobs. */
export const RUNNER_RULES: readonly Rule[] = [warnOfShortDrain];
