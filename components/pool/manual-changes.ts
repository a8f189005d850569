import { formatReplicaCount } from "../../contract/replica-count";
import { formatDuration } from "../../contract/duration";
import { SETTINGS_ENV } from "../../contract/replica-env";
import type { ServiceFacts } from "../wait/service-facts";
import type { Hardening } from "./spec/hardening";

/** The service of a pool as the stack specifies it. */
export interface DesiredService extends Hardening {
  /** Undefined for a global service. */
  readonly replicas: number | undefined;
  readonly image: string;
  /** Seconds that Swarm gives a replica to stop. */
  readonly graceSeconds: number;
  readonly networkIds: readonly string[];
  readonly secretIds: readonly string[];
  readonly configIds: readonly string[];
  readonly constraints: readonly string[];
}

/** Differences between a service and its stack. */
export interface ManualChanges {
  /** Differences that fail an update. */
  readonly wrong: readonly string[];
  /** Additional replicas, which are only worth a warning. */
  readonly surplus: readonly string[];
}

/**
 * Finds what was changed in a service outside Pulumi. Pulumi itself compares the settings only with
 * its own state, unless `pulumi refresh` reads the swarm.
 */
export function findManualChanges(desired: DesiredService, found: ServiceFacts): ManualChanges {
  const { fewer, more } = compareCounts(desired.replicas, found.replicas);
  const wrong = [
    ...fewer,
    ...describeDifference("image", found.image, desired.image),
    ...describeDifference(
      "stop grace period",
      formatSeconds(found.graceSeconds),
      formatSeconds(desired.graceSeconds),
    ),
    ...describeDifference("networks", joinSorted(found.networks), joinSorted(desired.networkIds)),
    ...describeDifference("secrets", joinSorted(found.secrets), joinSorted(desired.secretIds)),
    ...describeDifference("configs", joinSorted(found.configs), joinSorted(desired.configIds)),
    ...describeDifference(
      "placement constraints",
      joinConstraints(found.placement.constraints),
      joinConstraints(desired.constraints),
    ),
    ...describeDifference(
      "added capabilities",
      joinCapabilities(found.capAdd),
      joinCapabilities(desired.capAdd),
    ),
    ...describeDifference(
      "dropped capabilities",
      joinCapabilities(found.capDrop),
      joinCapabilities(desired.capDrop),
    ),
    ...describeDifference(
      "root file system",
      describeRoot(found.readOnlyRoot),
      describeRoot(desired.readOnlyRoot),
    ),
    ...(found.variables.length > 1
      ? describeDifference("environment variables", found.variables.join(", "), SETTINGS_ENV)
      : []),
  ];
  return { wrong, surplus: more };
}

/** Nobody can scale a global service, or turn a service into one. */
function compareCounts(
  desired: number | undefined,
  found: number | undefined,
): { readonly fewer: readonly string[]; readonly more: readonly string[] } {
  if (desired === undefined || found === undefined) return { fewer: [], more: [] };
  const scaled = `the service has ${formatReplicaCount(found)}, the stack specifies ${desired}`;
  return { fewer: found < desired ? [scaled] : [], more: found > desired ? [scaled] : [] };
}

/** How to undo manual changes. */
export const REMEDY = "run `pulumi refresh`, then `pulumi up`";

/** Lists the differences in one message. */
export function describeManualChanges(serviceName: string, differences: readonly string[]): string {
  const head = `service ${serviceName} was modified outside this stack since the last \`pulumi up\`; to restore it, ${REMEDY}:`;
  return [head, ...differences].join("\n  - ");
}

/** The message for a service that no longer exists. */
export function describeDeletedService(serviceName: string): string {
  return `service ${serviceName} was deleted outside this stack; to create it again, ${REMEDY}`;
}

function describeDifference(what: string, found: string, desired: string): readonly string[] {
  return found === desired
    ? []
    : [`${what}: the service has ${found || "none"}, the stack specifies ${desired || "none"}`];
}

/** The word for all capabilities. Beside it, others have no meaning. */
const ALL_CAPABILITIES = "ALL";

/**
 * Docker accepts capabilities with and without `CAP_`. Its command line rewrites them in every
 * update of a service, whatever the update is for.
 */
function joinCapabilities(names: readonly string[]): string {
  const short = names.map((name) => name.toUpperCase().replace(/^CAP_/, ""));
  return short.includes(ALL_CAPABILITIES) ? ALL_CAPABILITIES : joinUnique(short);
}

/** Swarm ignores spaces around the operator, and how often a constraint is listed. */
function joinConstraints(constraints: readonly string[]): string {
  return joinUnique(constraints.map((one) => one.trim().replace(/\s*([!=]=)\s*/, "$1")));
}

function joinUnique(words: readonly string[]): string {
  return joinSorted([...new Set(words)]);
}

function describeRoot(isReadOnly: boolean): string {
  return isReadOnly ? "a read-only one" : "a writable one";
}

/** Docker lists IDs in any order. */
function joinSorted(ids: readonly string[]): string {
  return [...ids].sort().join(", ");
}

function formatSeconds(seconds: number | undefined): string {
  return seconds === undefined ? "" : formatDuration(seconds);
}
