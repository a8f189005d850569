import type { PoolChange, ResourceChange, StackChanges } from "./changes";
import type { Preview, Step } from "./preview";
import { showProperty } from "./properties";
import { runnerChanges } from "./runner-changes";
import { assessImpact, serviceChanges } from "./service-changes";

const TYPE = {
  pool: "gitlab-runner-pool:index:RunnerPool",
  service: "docker:index/service:Service",
  runner: "gitlab:index/userRunner:UserRunner",
  network: "docker:index/network:Network",
} as const;

/**
 * Resources that are replaced whenever their content changes, as part of a rotation or a new image.
 */
const ROUTINE = [
  "random:index/randomId:RandomId",
  "docker:index/secret:Secret",
  "docker:index/serviceConfig:ServiceConfig",
  "docker:index/remoteImage:RemoteImage",
  "docker:index/registryImage:RegistryImage",
];

/** Derives from a preview what happens to the pools of a stack. */
export function stackChanges({ steps, summary }: Preview): StackChanges {
  const changing = steps.filter(({ op }) => op !== "same" && op !== "read" && op !== "refresh");
  const pools = groupByPool(changing).map((group) => poolChange(group, changing));
  return {
    pools: pools.filter((pool) => pool !== undefined),
    warnings: changing.filter((step) => !isCoveredByPool(step, changing)).flatMap(describeWarnings),
    unexpected: changing.filter((step) => !isReported(step, changing)).map(resourceChange),
    unchanged: summary["same"] ?? 0,
  };
}

interface PoolSteps {
  readonly service: Step | undefined;
  readonly runner: Step | undefined;
}

function groupByPool(steps: readonly Step[]): readonly PoolSteps[] {
  const pools = new Set(steps.map(parentUrn).filter((parent) => parent.includes(`${TYPE.pool}::`)));
  return [...pools].sort().map((pool) => {
    const mine = steps.filter((step) => parentUrn(step) === pool);
    return {
      service: mine.find((step) => resourceType(step) === TYPE.service),
      runner: mine.find((step) => resourceType(step) === TYPE.runner),
    };
  });
}

function poolChange({ service, runner }: PoolSteps, all: readonly Step[]): PoolChange | undefined {
  if (service === undefined && runner === undefined) return undefined;
  return {
    title: service === undefined ? poolTitle(runner) : serviceName(service),
    changes: [
      ...(service === undefined ? [] : serviceChanges(service, all)),
      ...(runner === undefined ? [] : runnerChanges(runner)),
    ],
    impact: service === undefined ? { kind: "untouched" } : assessImpact(service),
  };
}

function serviceName(step: Step): string {
  const shown = showProperty((step.oldState ?? step.newState)?.inputs, "name");
  return shown.kind === "value" ? shown.text : resourceName(step);
}

/** Name of the pool in the program. A preview does not contain an unchanged service. */
function poolTitle(step: Step | undefined): string {
  return `pool ${step === undefined ? "" : (parentUrn(step).split("::").pop() ?? "")}`;
}

/**
 * Describes a step that a reviewer must not miss. Steps of services are described with their
 * replicas.
 */
function describeWarnings(step: Step): readonly string[] {
  const deleted = step.op === "delete";
  const replaced = step.op.includes("replace");
  if (!deleted && !replaced) return [];
  switch (resourceType(step)) {
    case TYPE.runner: {
      const next = replaced ? " and replaced by a runner with a new token" : "";
      return [`Runner ${step.oldState?.id ?? resourceName(step)} is deleted from GitLab${next}.`];
    }
    case TYPE.network:
      return [`The network \`${resourceName(step)}\` is ${deleted ? "deleted" : "replaced"}.`];
    default:
      return [];
  }
}

/** Whether a step is covered by its pool or by a warning, or need not be reported. */
function isReported(step: Step, all: readonly Step[]): boolean {
  const type = resourceType(step);
  if (type.startsWith("gitlab-runner-pool:") || type === "pulumi:pulumi:Stack") return true;
  if (type === TYPE.service || type === TYPE.runner) return parentUrn(step).includes(TYPE.pool);
  if (isCoveredByPool(step, all) || describeWarnings(step).length > 0) return true;
  return ROUTINE.includes(type) && step.op !== "delete";
}

/** A pool that is added or removed includes everything that belongs to it. */
function isCoveredByPool(step: Step, all: readonly Step[]): boolean {
  const service = all.find(
    (other) => resourceType(other) === TYPE.service && parentUrn(other) === parentUrn(step),
  );
  return service?.op === step.op && (step.op === "create" || step.op === "delete");
}

function resourceChange(step: Step): ResourceChange {
  const properties = new Set(step.paths.map((path) => path.replace(/[.[].*$/, "")));
  return {
    op: step.op,
    resource: `${resourceType(step)} ${resourceName(step)}`,
    properties: [...properties],
  };
}

function resourceType({ newState, oldState }: Step): string {
  return (newState ?? oldState)?.type ?? "";
}

function parentUrn({ newState, oldState }: Step): string {
  return (newState ?? oldState)?.parent ?? "";
}

/** Returns the last part of the URN: the resource's name in the program. */
function resourceName(step: Step | undefined): string {
  return step?.urn.split("::").pop() ?? "";
}
