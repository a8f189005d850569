import { CACHE_RULES } from "./cache";
import { JOB_RULES } from "./jobs";
import { POLLING_RULES } from "./polling";
import type { Rule, RuleFindings, RuleInput } from "./rule";
import { RUNNER_RULES } from "./runner";

/** Every rule. The program and the replicas both check them. */
const RULES: readonly Rule[] = [...RUNNER_RULES, ...JOB_RULES, ...POLLING_RULES, ...CACHE_RULES];

/** Checks settings against each other. */
export function checkRules(settings: RuleInput): RuleFindings {
  const found = RULES.map((rule) => rule(settings));
  return {
    problems: found.flatMap(({ problems = [] }) => problems),
    warnings: found.flatMap(({ warnings = [] }) => warnings),
  };
}
