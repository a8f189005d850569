import { redactMessage } from "../../show-value";
import { CACHE_RULES } from "./cache";
import { CERTIFICATE_RULES } from "./certificates";
import { CONTAINER_RULES } from "./container";
import { DOCKER_IMAGE_RULES } from "./docker-images";
import { DOCKER_LIMIT_RULES } from "./docker-limits";
import { DOCKER_NETWORK_RULES } from "./docker-network";
import { DOCKER_RIGHTS_RULES } from "./docker-rights";
import { DOCKER_SERVICES_RULES } from "./docker-services";
import { JOB_RULES } from "./jobs";
import { POLLING_RULES } from "./polling";
import { PROXY_RULES } from "./proxy";
import { ENGINE_RULES } from "./engine";
import { RESOURCE_RULES } from "./resources";
import { REPLICA_RULES } from "./replicas";
import type { Rule, RuleFindings, RuleInput } from "./rule";
import { RUNNER_RULES } from "./runner";

/** The rules that the program and the replicas both check. */
export const RULES: readonly Rule[] = [
  ...REPLICA_RULES,
  ...RUNNER_RULES,
  ...RESOURCE_RULES,
  ...JOB_RULES,
  ...POLLING_RULES,
  ...ENGINE_RULES,
  ...CONTAINER_RULES,
  ...CERTIFICATE_RULES,
  ...PROXY_RULES,
  ...CACHE_RULES,
  ...DOCKER_IMAGE_RULES,
  ...DOCKER_LIMIT_RULES,
  ...DOCKER_NETWORK_RULES,
  ...DOCKER_RIGHTS_RULES,
  ...DOCKER_SERVICES_RULES,
];

/**
 * Checks settings against each other. Redacts what looks like a secret in the findings.
 * @param more rules that only the program checks
 */
export function checkRules(settings: RuleInput, more: readonly Rule[] = []): RuleFindings {
  const found = [...RULES, ...more].map((rule) => rule(settings));
  return {
    problems: found.flatMap(({ problems = [] }) => problems).map(redactMessage),
    warnings: found.flatMap(({ warnings = [] }) => warnings).map(redactMessage),
  };
}
