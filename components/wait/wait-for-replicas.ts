import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { listServiceConstraints } from "../../contract/placement/platform";
import { DRAIN_HEADROOM_SECONDS } from "../../contract/swarm";
import { EngineError, type EngineApi } from "../../docker-engine/api";
import { countGlobalNodes } from "../pool/count-replicas";
import {
  describeDeletedService,
  findManualChanges,
  describeManualChanges,
  type DesiredService,
} from "../pool/manual-changes";
import type { PriorState } from "../pool/prior-state";
import { decideHardening } from "../pool/spec/hardening";
import { asInput, getMessage, userError } from "../user-error";
import type { ReadSettings } from "../settings/read-arguments";
import type { Target } from "./assess-rollout";
import { explainNoReplica } from "./explain-rollout";
import type { ReportsByTask } from "./snapshot";
import { readPoolService, type ServiceFacts } from "./service-facts";
import { waitUntilOnline } from "./wait-until-online";

/** What the pool requests of its service, and what the swarm had before. */
export interface RequestedService {
  readonly name: string;
  /** The number of its replicas, which is the number of nodes for a global pool. */
  readonly count: pulumi.Output<number>;
  readonly generation: pulumi.Output<string>;
  readonly image: pulumi.Input<string>;
  readonly networkIds: pulumi.Output<readonly string[]>;
  readonly secretIds: readonly pulumi.Output<string>[];
  readonly configIds: readonly pulumi.Output<string>[];
  readonly prior: Promise<PriorState>;
  readonly engine: EngineApi;
}

/**
 * Waits until all replicas of a pool are online. A preview does not wait. The wait is not a
 * resource, so it changes nothing in the state. If the replicas do not come online, the update
 * fails with the reasons and keeps the resources. If the service was modified outside this stack,
 * the update fails at once.
 * @returns the number of replicas
 */
export function waitForReplicas(
  service: docker.Service,
  requested: RequestedService,
  settings: ReadSettings,
): pulumi.Output<number> {
  const { count } = requested;
  if (settings.onlineTimeout === 0) return count;
  if (pulumi.runtime.isDryRun()) {
    // A preview knows the ID only of a service that is in the state.
    service.id.apply((id) => asInput(failIfDeleted(requested.name, id, requested.prior)));
    return count;
  }
  // Use the requested generation: Swarm may have rolled the service back, and then its outputs
  // describe the old spec.
  const { generation, image, networkIds, secretIds, configIds } = requested;
  const objects = pulumi.output({ secretIds, configIds });
  const parts = pulumi.all([image, networkIds, objects]);
  return pulumi
    .all([service.id, service.name, generation, count, parts])
    .apply(async ([id, name, desired, planned, [desiredImage, networks, ids]]) => {
      const replicas = settings.mode === "global" ? undefined : planned;
      const spec = {
        replicas,
        image: desiredImage,
        graceSeconds: settings.drainTimeout + DRAIN_HEADROOM_SECONDS,
        networkIds: networks,
        ...ids,
        ...decideHardening(settings),
        constraints: listServiceConstraints(settings.placement ?? {}),
      };
      const { index } = await requested.prior;
      const policy = { ...settings.update, nameOf: settings.nameOf };
      const target = { generation: desired, replicas, indexBefore: index, policy };
      const found = { id, name, resource: service };
      const reports = await asInput(
        check(requested.engine, found, target, spec, settings.onlineTimeout),
      );
      warnOfExpiry(service, reports);
      return replicas ?? (await asInput(countOnline(requested, service, settings)));
    });
}

/** @throws {pulumi.RunError} if the service is in the state but not in the swarm */
async function failIfDeleted(name: string, id: string, prior: Promise<PriorState>): Promise<void> {
  const { service, isRead } = await prior;
  if (isRead && service?.id !== id) throw userError(describeDeletedService(name));
}

/**
 * @throws {pulumi.RunError} if the service differs from the stack or its replicas do not come
 * online
 */
async function check(
  api: EngineApi,
  service: DeployedService,
  target: Target,
  desired: DesiredService,
  timeoutSeconds: number,
): Promise<ReportsByTask> {
  try {
    await compare(api, service, target, desired);
    if (target.replicas === 0) return new Map();
    return await waitUntilOnline(api, service, target, timeoutSeconds);
  } catch (error) {
    const isDeleted = error instanceof EngineError && error.status === 404;
    throw userError(isDeleted ? describeDeletedService(service.name) : getMessage(error));
  }
}

interface DeployedService {
  readonly id: string;
  readonly name: string;
  readonly resource: pulumi.Resource;
}

/** @throws Error with the manual changes. If there are only too many replicas, it just warns. */
async function compare(
  api: EngineApi,
  { id, name, resource }: DeployedService,
  { generation }: Target,
  desired: DesiredService,
): Promise<void> {
  const found = await readFacts(api, id);
  // Swarm itself may have rolled the service back. The wait reports that.
  if (found?.generation !== generation) return;
  const { wrong, surplus } = findManualChanges(desired, found);
  if (wrong.length > 0) throw new Error(describeManualChanges(name, [...wrong, ...surplus]));
  if (surplus.length > 0) await pulumi.log.warn(describeManualChanges(name, surplus), resource);
}

/**
 * @returns undefined if Docker does not answer; the wait asks again
 * @throws {EngineError} if the service does not exist
 */
async function readFacts(api: EngineApi, id: string): Promise<ServiceFacts | undefined> {
  try {
    return await readPoolService(api, id);
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) throw error;
    return undefined;
  }
}

/** Counts the replicas of a global pool. Warns if there is none, which is not a failure. */
async function countOnline(
  { name, engine }: RequestedService,
  service: docker.Service,
  settings: ReadSettings,
): Promise<number> {
  const count = await countGlobalNodes(settings, engine);
  if (count === 0) {
    await pulumi.log.warn(explainNoReplica(name, settings), service);
  }
  return count;
}

/** Warns when GitLab has announced to a replica that the runner's token expires. */
function warnOfExpiry(service: docker.Service, reports: ReportsByTask): void {
  const [first] = [...reports.values()]
    .flatMap(({ tokenExpiresAt }) => tokenExpiresAt ?? [])
    .sort();
  if (first === undefined) return;
  const what = `the runner's token expires at ${first}, and GitLab rejects the replicas after that`;
  void pulumi.log.warn(
    `${what}: set a new \`token\` and run \`pulumi up\` before that time`,
    service,
  );
}
