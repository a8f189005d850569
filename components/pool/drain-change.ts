import * as pulumi from "@pulumi/pulumi";
import { formatDuration } from "../../contract/duration";
import { DRAIN_HEADROOM_SECONDS } from "../../contract/swarm";
import type { ObjectReader } from "../../docker-engine/read-objects";
import { awaitValue } from "../known";
import { asInput, userError } from "../user-error";
import type { ServiceFacts } from "../wait/service-facts";
import type { PoolSettings } from "../settings/pool-settings";
import type { PriorState } from "./prior-state";
import { waitUntilSettled } from "./settle";

/** The settings that decide how long the replicas have to finish their jobs. */
export interface DrainPlan {
  readonly replicas: number;
  readonly drainTimeoutSeconds: number;
}

/** What to report about a change, and whether to reject it. */
export interface DrainVerdict {
  readonly rejected: boolean;
  readonly message: string;
}

/**
 * Judges a change of a pool. Swarm stops a replica after the grace period that the replica started
 * with, so a longer period applies only to replicas that start later. Lowering `replicas` in the
 * same step would therefore stop replicas sooner than the new setting promises.
 * @param before undefined if the service does not exist yet
 */
export function judgeDrainChange(
  before: DrainPlan | undefined,
  after: DrainPlan,
): DrainVerdict | undefined {
  if (before === undefined || before.replicas === 0) return undefined;
  if (after.drainTimeoutSeconds <= before.drainTimeoutSeconds) return undefined;
  const [old, raised] = [before, after].map((plan) => formatDuration(plan.drainTimeoutSeconds));
  const what = `\`drainTimeout\` increases from ${old} to ${raised}`;
  if (after.replicas >= before.replicas) {
    const message = `${what}: running replicas keep ${old} to finish their jobs, their replacements get ${raised}`;
    return { rejected: false, message };
  }
  const counts = `\`replicas\` decreases from ${before.replicas} to ${after.replicas}`;
  const message = `${what} while ${counts}: the removed replicas would get only ${old}; run \`pulumi up\` with \`replicas\` ${before.replicas} first, then lower it`;
  return { rejected: true, message };
}

/** A service that this update changes. */
export interface ChangedService {
  readonly name: string;
  readonly prior: Promise<PriorState>;
  /** The requested generation, known only just before the change. */
  readonly generation: pulumi.Output<string>;
  readonly engine: ObjectReader;
}

/**
 * Returns the requested number of replicas once the change is safe and Swarm can accept it.
 * @throws {pulumi.RunError} if replicas would stop sooner than the settings promise
 */
export function guardScaleDown(
  resource: pulumi.Resource,
  { replicas, drainTimeout }: PoolSettings,
  service: ChangedService,
): pulumi.Output<number> {
  return replicas.apply((known) =>
    guardPlan(resource, { replicas: known, drainTimeoutSeconds: drainTimeout }, service),
  );
}

function guardPlan(
  resource: pulumi.Resource,
  plan: DrainPlan,
  { name, prior, generation, engine }: ChangedService,
): pulumi.Output<number> {
  const checked = asInput(check(resource, name, plan, prior));
  if (pulumi.runtime.isDryRun()) return pulumi.output(checked);
  return pulumi.output(
    checked.then(async (replicas) => {
      const requested = { generation: await awaitValue(generation), replicas };
      // If Docker does not answer, the provider reports that.
      await waitUntilSettled(name, requested, engine).catch(() => undefined);
      return replicas;
    }),
  );
}

async function check(
  resource: pulumi.Resource,
  serviceName: string,
  plan: DrainPlan,
  prior: Promise<PriorState>,
): Promise<number> {
  const { service } = await prior;
  const verdict = judgeDrainChange(service === undefined ? undefined : toPlan(service), plan);
  if (verdict === undefined) return plan.replicas;
  const message = `${serviceName}: ${verdict.message}`;
  if (verdict.rejected) throw userError(message);
  await pulumi.log.warn(message, resource);
  return plan.replicas;
}

function toPlan({ replicas, graceSeconds }: ServiceFacts): DrainPlan | undefined {
  return graceSeconds === undefined
    ? undefined
    : { replicas, drainTimeoutSeconds: graceSeconds - DRAIN_HEADROOM_SECONDS };
}
