import * as pulumi from "@pulumi/pulumi";
import { OWNER_LABEL } from "../../contract/swarm";
import { findDockerProvider } from "../engine";
import { isKnown, awaitValue } from "../known";
import { asInput, userError } from "../user-error";
import { REMEDY } from "./manual-changes";
import type { PriorState } from "./prior-state";

/** A name that this stack may use for its service and network, with the stack's owner ID. */
export interface ClaimedName {
  readonly name: pulumi.Output<string>;
  readonly owner: pulumi.Output<string> | undefined;
}

/**
 * Service names of all pools in this program. A network with one of these names stays. A network
 * with a former name is deleted.
 */
export const poolNames = new Set<string>();

/**
 * Finds the ID that distinguishes this stack's services from those of other stacks: the ID of its
 * Docker provider, which Pulumi generates once and keeps in the stack's state.
 * @returns undefined if the pool has no explicit provider
 */
function findOwner(pool: pulumi.ComponentResource): pulumi.Output<string> | undefined {
  return findDockerProvider(pool)?.id;
}

/** A label of a service or network. */
export interface Label {
  readonly label: string;
  readonly value: pulumi.Input<string>;
}

/**
 * Builds the labels that record the owner of a service or network, and adds others.
 * @returns no argument if there is no label
 */
export function buildOwnerLabels(
  owner: pulumi.Output<string> | undefined,
  others: readonly Label[] = [],
): { readonly labels?: Label[] } {
  const labels = [
    ...(owner === undefined ? [] : [{ label: OWNER_LABEL, value: owner }]),
    ...others,
  ];
  return labels.length === 0 ? {} : { labels };
}

/**
 * Claims the name of a pool's service. The output resolves once no other stack has a service of
 * that name, so resources that use it are created only after the check.
 * @param ready also delays them
 * @throws {pulumi.RunError} if another stack has a service or network of that name
 */
export function claimName(
  pool: pulumi.ComponentResource,
  serviceName: string,
  prior: Promise<PriorState>,
  ready: Promise<unknown>,
): ClaimedName {
  const owner = findOwner(pool);
  poolNames.add(serviceName);
  const name = asInput(check(pool, serviceName, owner, prior));
  return { name: pulumi.output(ready.then(() => name)), owner };
}

async function check(
  pool: pulumi.Resource,
  serviceName: string,
  owner: pulumi.Output<string> | undefined,
  prior: Promise<PriorState>,
): Promise<string> {
  if (owner === undefined) return serviceName;
  const { service, networkOwner } = await prior;
  // In a preview, the provider of a new stack has no ID yet.
  const ownId = (await isKnown(owner)) ? await awaitValue(owner) : undefined;
  if (service !== undefined && isForeign(service.owner, ownId)) {
    throw userError(describeForeign("service", serviceName));
  }
  if (networkOwner !== undefined && isForeign(networkOwner, ownId)) {
    throw userError(describeForeign("network", serviceName));
  }
  if (networkOwner !== undefined && !pulumi.runtime.isDryRun()) {
    const what = `the swarm has a network ${serviceName} but no service ${serviceName}`;
    await pulumi.log.warn(`${what}: if the service was deleted, ${REMEDY}`, pool);
  }
  return serviceName;
}

/**
 * Whether a service or network belongs to another stack. Without an owner it may belong to this
 * stack, created by an older version of this program, unless the stack is new.
 * @param ownId this stack's owner ID; undefined if the stack is new
 */
export function isForeign(owner: string | undefined, ownId: string | undefined): boolean {
  if (ownId === undefined) return true;
  return owner !== undefined && owner !== ownId;
}

function describeForeign(what: string, name: string): string {
  return [
    `the swarm has a ${what} ${name} that does not belong to this stack; nothing was changed:`,
    `if another stack or person created the ${what}, choose another name for this stack or pool`,
    `if this stack created the ${what} and its state was lost, see docs/operating.md for how to adopt it`,
  ].join("\n  - ");
}
