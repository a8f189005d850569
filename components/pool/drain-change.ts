import * as pulumi from "@pulumi/pulumi";
import { formatDuration } from "../../contract/duration";
import { DRAIN_HEADROOM } from "../../contract/service";
import { EngineApi } from "../docker/engine-api";
import { inputOf, plainError } from "../plain-error";

/** What decides how long the replicas of a pool may finish their jobs. */
export interface DrainPlan {
  readonly replicas: number;
  /** Seconds. */
  readonly drainTimeout: number;
}

/** What a person is told of a change, and whether it may be made. */
export interface DrainVerdict {
  readonly refused: boolean;
  readonly message: string;
}

/**
 * Judges a change of a pool. Swarm stops a replica with the grace time that it was started with: a longer one reaches
 * those alone that are started after it. So replicas are not taken away in the very step that promises them more time.
 * @param before undefined if there is no service yet
 */
export function judgeDrainChange(
  before: DrainPlan | undefined,
  after: DrainPlan,
): DrainVerdict | undefined {
  if (before === undefined || before.replicas === 0) return undefined;
  if (after.drainTimeout <= before.drainTimeout) return undefined;
  const [old, raised] = [before, after].map(({ drainTimeout }) => formatDuration(drainTimeout));
  const what = `\`drainTimeout\` is raised from ${old} to ${raised}`;
  if (after.replicas >= before.replicas) {
    const message = `${what}: the replicas that run now have ${old} to finish their jobs, those that take their places ${raised}`;
    return { refused: false, message };
  }
  const counts = `\`replicas\` falls from ${before.replicas} to ${after.replicas}`;
  const message = `${what} while ${counts}: the replicas that go would have ${old} only; run \`pulumi up\` with \`replicas\` ${before.replicas} first, then lower it`;
  return { refused: true, message };
}

/**
 * The number of replicas that a pool is to have, once it is known that the change may be made.
 * @throws {pulumi.RunError} if replicas would be stopped with less time than the settings promise
 */
export function checkedReplicas(
  resource: pulumi.Resource,
  serviceName: string,
  plan: DrainPlan,
): pulumi.Output<number> {
  return pulumi.output(inputOf(check(resource, serviceName, plan)));
}

async function check(
  resource: pulumi.Resource,
  serviceName: string,
  plan: DrainPlan,
): Promise<number> {
  const verdict = judgeDrainChange(await readPlan(serviceName), plan);
  if (verdict === undefined) return plan.replicas;
  const message = `${serviceName}: ${verdict.message}`;
  if (verdict.refused) throw plainError(message);
  await pulumi.log.warn(message, resource);
  return plan.replicas;
}

interface InspectedService {
  readonly Spec: {
    readonly Name: string;
    readonly Mode: { readonly Replicated?: { readonly Replicas?: number } };
    readonly TaskTemplate: { readonly ContainerSpec?: { readonly StopGracePeriod?: number } };
  };
}

/** What the swarm runs now; nothing if there is no such service, or Docker cannot be asked: the provider tells of that. */
async function readPlan(serviceName: string): Promise<DrainPlan | undefined> {
  const services = await new EngineApi(process.env)
    .get("/services", { filters: { name: [serviceName] } })
    .catch(() => []);
  const found = (services as readonly InspectedService[]).find(
    ({ Spec }) => Spec.Name === serviceName,
  );
  const nanoseconds = found?.Spec.TaskTemplate.ContainerSpec?.StopGracePeriod;
  if (found === undefined || nanoseconds === undefined) return undefined;
  return {
    replicas: found.Spec.Mode.Replicated?.Replicas ?? 0,
    drainTimeout: nanoseconds / 1e9 - DRAIN_HEADROOM,
  };
}
