import type * as docker from "@pulumi/docker";
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
  /** Undefined for a global pool. */
  readonly replicas: number | undefined;
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
  const counts = describeDecrease(before.replicas, after.replicas);
  if (counts === undefined) {
    const message = `${what}: running replicas keep ${old} to finish their jobs, their replacements get ${raised}`;
    return { rejected: false, message };
  }
  const message = `${what} while ${counts}: the removed replicas would get only ${old}; run \`pulumi up\` with \`replicas\` ${before.replicas ?? ""} first, then lower it`;
  return { rejected: true, message };
}

/** A global pool loses replicas only with its service or its nodes, so it has no decrease. */
function describeDecrease(
  before: DrainPlan["replicas"],
  after: DrainPlan["replicas"],
): string | undefined {
  return before !== undefined && after !== undefined && after < before
    ? `\`replicas\` decreases from ${before} to ${after}`
    : undefined;
}

/** A service that this update changes. */
export interface ChangedService {
  readonly name: string;
  readonly prior: Promise<PriorState>;
  /** The requested generation, known only just before the change. */
  readonly generation: pulumi.Output<string>;
  readonly engine: ObjectReader;
  /** Resolves once the nodes are known to have room for the change. */
  readonly checkPlacement: (generation: pulumi.Output<string>) => Promise<void>;
}

/**
 * Builds the mode of the service. Its value resolves once the change is safe and Swarm can accept
 * it.
 * @throws {pulumi.RunError} if replicas would stop sooner than the settings promise
 */
export function guardMode(
  resource: pulumi.Resource,
  { mode, replicas, drainTimeout }: PoolSettings,
  service: ChangedService,
): docker.types.input.ServiceMode {
  const guard = <T extends number | undefined>(count: T) =>
    guardPlan(resource, { replicas: count, drainTimeoutSeconds: drainTimeout }, service).apply(
      () => count,
    );
  return mode === "global"
    ? { global: guard(undefined).apply(() => true) }
    : { replicated: { replicas: replicas.apply(guard) } };
}

function guardPlan(
  resource: pulumi.Resource,
  plan: DrainPlan,
  { name, prior, generation, engine, checkPlacement }: ChangedService,
): pulumi.Output<void> {
  const checked = asInput(
    Promise.all([check(resource, name, plan, prior), checkPlacement(generation)]).then(
      () => undefined,
    ),
  );
  if (pulumi.runtime.isDryRun()) return pulumi.output(checked);
  return pulumi.output(
    checked.then(async () => {
      const requested = { generation: await awaitValue(generation), replicas: plan.replicas };
      // If Docker does not answer, the provider reports that.
      await waitUntilSettled(name, requested, engine).catch(() => undefined);
    }),
  );
}

async function check(
  resource: pulumi.Resource,
  serviceName: string,
  plan: DrainPlan,
  prior: Promise<PriorState>,
): Promise<void> {
  const { service } = await prior;
  const verdict = judgeDrainChange(service === undefined ? undefined : toPlan(service), plan);
  if (verdict === undefined) return;
  const message = `${serviceName}: ${verdict.message}`;
  if (verdict.rejected) throw userError(message);
  await pulumi.log.warn(message, resource);
}

function toPlan({ replicas, graceSeconds }: ServiceFacts): DrainPlan | undefined {
  return graceSeconds === undefined
    ? undefined
    : { replicas, drainTimeoutSeconds: graceSeconds - DRAIN_HEADROOM_SECONDS };
}
