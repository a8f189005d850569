import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { hasNodeSocket } from "../../contract/settings/engine-socket";
import { OWNER_LABEL } from "../../contract/swarm";
import type { ObjectReader } from "../../docker-engine/read-objects";
import { describePlacement, type PlacementKey } from "../placement/describe-placement";
import { listTasksOnNodes } from "../placement/held-tasks";
import { judgePlacement } from "../placement/judge-placement";
import { warnOfManagers } from "../placement/manager-warning";
import { hasSamePlacement } from "../placement/planned-pools";
import {
  dependsOnTasks,
  hasReservations,
  isRestricted,
  type PlacementRequest,
  type PriorService,
  type SwarmState,
} from "../placement/request";
import { getSwarmReader, type SwarmReader } from "../placement/swarm-reader";
import { toPlacementRequest } from "../placement/to-request";
import { findDockerProvider } from "../engine";
import { awaitValue, isKnown } from "../known";
import { asInput, getMessage, userError } from "../user-error";
import type { ReadSettings } from "../settings/read-arguments";
import type { ServiceFacts } from "../wait/service-facts";
import type { PriorState } from "./prior-state";

/** What the check of a pool's placement needs to know about the pool. */
export interface PlacedPool {
  readonly serviceName: string;
  readonly settings: ReadSettings;
  readonly prior: Promise<PriorState>;
  readonly engine: ObjectReader;
}

/** The service that a change requests, known only just before the change. */
export interface RequestedPlacement {
  readonly generation: pulumi.Output<string>;
  readonly networkIds: pulumi.Output<readonly string[]>;
}

/** Compares what a pool requests of the nodes with what they have. Changes nothing. */
export class PlacementCheck {
  private readonly reader: SwarmReader;
  private readonly request: Promise<PlacementRequest | undefined>;

  constructor(
    private readonly resource: pulumi.Resource,
    private readonly pool: PlacedPool,
  ) {
    this.reader = getSwarmReader(resource, pool.engine);
    this.request = readRequest(pool.settings);
    this.reader.pools.add(pool.serviceName, this.request);
  }

  /**
   * Resolves before the pool creates anything: in an update, once the replicas have room; in a
   * preview at once, because {@link beforeChange} knows more there.
   */
  async beforeAll(): Promise<void> {
    void this.warnOfManagers();
    if (pulumi.runtime.isDryRun() || this.pool.settings.onlineTimeout === 0) return;
    await asInput(
      this.check((service, request) => ({
        // Whether Swarm replaces the replicas may still depend on the image.
        change: hasSamePlacement(service, request) ? "none" : "replacement",
      })),
    );
  }

  /**
   * Resolves once the change of the service can work.
   * @throws {pulumi.RunError} if the nodes have no room for its replicas
   */
  async beforeChange({ generation, networkIds }: RequestedPlacement): Promise<void> {
    if (this.pool.settings.onlineTimeout === 0) return;
    const desired = await awaitValue(generation);
    // A preview does not know the ID of a network that is replaced together with its service.
    const networks = (await isKnown(networkIds)) ? await awaitValue(networkIds) : [];
    const { warning } = await this.check((service) => {
      const { mode, extraHosts = [] } = this.pool.settings;
      const isReplaced =
        !hasSame(service.networks, networks) ||
        (service.replicas === undefined ? "global" : "replicated") !== mode ||
        !hasSame(service.hosts, extraHosts.map(toHostsLine));
      if (isReplaced) return { change: "replacement" };
      return { change: service.generation === desired ? "none" : "update" };
    });
    if (warning !== undefined) {
      await pulumi.log.warn(`${this.pool.serviceName}: ${warning}.`, this.resource);
    }
  }

  private async check(
    findChange: (service: ServiceFacts, request: PlacementRequest) => Pick<PriorService, "change">,
  ): Promise<{ readonly warning?: string }> {
    const { serviceName, settings } = this.pool;
    const [request, { service, isRead }] = await Promise.all([this.request, this.pool.prior]);
    if (request === undefined || !isRestricted(request)) return {};
    if (!isRead) {
      await this.sayNotCompared("the swarm did not answer");
      return {};
    }
    const prior =
      service === undefined ? undefined : { ...service, ...findChange(service, request) };
    const swarm = await this.readSwarm(request, prior?.id);
    if (swarm === undefined) return {};
    const { problem, warning } = describePlacement(judgePlacement(request, swarm, prior), {
      request,
      swarm,
      name: (key: PlacementKey) => settings.nameOf(key),
      services: swarm.services,
    });
    if (problem !== undefined) throw userError(`${serviceName}: ${problem}`);
    return warning === undefined ? {} : { warning };
  }

  /** @returns undefined if Docker does not answer; in an update, the provider reports that, too */
  private async readSwarm(
    request: PlacementRequest,
    ownServiceId: string | undefined,
  ): Promise<(SwarmState & { readonly services: ReadonlyMap<string, string> }) | undefined> {
    try {
      const [nodes, tasks] = await Promise.all([
        this.reader.nodes(),
        dependsOnTasks(request) ? this.reader.tasks() : [],
      ]);
      const held = listTasksOnNodes(tasks);
      const others = held.some(
        ({ serviceId, reservations }) =>
          serviceId !== ownServiceId && hasReservations(reservations),
      );
      const { services, freed } = others
        ? await this.findServices(ownServiceId)
        : { services: new Map<string, string>(), freed: new Set<string>() };
      return { nodes, tasks: held.filter(({ serviceId }) => !freed.has(serviceId)), services };
    } catch (error) {
      await this.sayNotCompared(getMessage(error));
      return undefined;
    }
  }

  private sayNotCompared(reason: string): Promise<void> {
    const message = `${this.pool.serviceName}: the settings of placement and resources were not compared with the nodes: ${reason}`;
    return pulumi.log.info(message, this.resource);
  }

  /** Finds the names of other services, and which ones free what they reserve in this update. */
  private async findServices(ownServiceId: string | undefined): Promise<{
    readonly services: ReadonlyMap<string, string>;
    readonly freed: ReadonlySet<string>;
  }> {
    const owner = findDockerProvider(this.resource)?.id;
    const ownId =
      owner !== undefined && (await isKnown(owner)) ? await awaitValue(owner) : undefined;
    const all = (await this.reader.services()).filter(({ id }) => id !== ownServiceId);
    const ofStack = all.filter(
      ({ labels }) => ownId !== undefined && labels[OWNER_LABEL] === ownId,
    );
    const freed = await Promise.all(
      ofStack.map(async (service) =>
        (await this.reader.pools.frees(service)) ? [service.id] : [],
      ),
    );
    return {
      services: new Map(all.map(({ id, name }) => [id, name])),
      freed: new Set(freed.flat()),
    };
  }

  /** Warns if the replicas may have the socket of a manager although the swarm has workers. */
  private async warnOfManagers(): Promise<void> {
    const { settings } = this.pool;
    if (!hasNodeSocket(settings)) return;
    const request = toRequest(settings, undefined);
    // If Docker does not answer, the provider reports that.
    const nodes = await this.reader.nodes().catch(() => []);
    const warning = warnOfManagers(nodes, request, settings.nameOf("placement.constraints"));
    if (warning !== undefined) {
      await pulumi.log.warn(`${this.pool.serviceName}: ${warning}.`, this.resource);
    }
  }
}

/** @returns undefined in a preview that does not know the number of replicas */
async function readRequest(settings: ReadSettings): Promise<PlacementRequest | undefined> {
  if (settings.mode === "global") return toRequest(settings, undefined);
  // Pulumi reports a failed output where the pool uses it.
  if (!(await isKnown(settings.replicas).catch(() => false))) return undefined;
  return toRequest(settings, await awaitValue(settings.replicas));
}

function toRequest(settings: ReadSettings, replicas: number | undefined): PlacementRequest {
  const { placement, resources, update } = settings;
  return toPlacementRequest({
    ...placement,
    replicas,
    reservations: resources?.reservations ?? {},
    order: update.order,
  });
}

/** Whether two lists have the same entries. Docker returns them in any order. */
function hasSame(one: readonly string[], other: readonly string[]): boolean {
  return isDeepStrictEqual([...one].sort(), [...other].sort());
}

/** Converts `HOST:IP` to a line of /etc/hosts. */
function toHostsLine(entry: string): string {
  const colon = entry.indexOf(":");
  return `${entry.slice(colon + 1)} ${entry.slice(0, colon)}`;
}
