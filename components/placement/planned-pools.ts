import { isDeepStrictEqual } from "node:util";
import { listServiceConstraints } from "../../contract/placement/platform";
import type { Service } from "../../docker-engine/services";
import type { PlacementRequest } from "./request";

/** What a service requests of its nodes. */
type PlacedService = Pick<Service, "replicas" | "placement" | "maxPerNode" | "reservations">;

/**
 * Whether a service has the mode, the placement and the reservations that a pool requests. If it
 * does not, the change replaces its replicas. The order of constraints means nothing, and the
 * platforms of a service are those of its image: a pool's own become constraints.
 */
export function hasSamePlacement(
  { replicas, placement, maxPerNode, reservations }: PlacedService,
  request: PlacementRequest,
): boolean {
  const texts = (conditions: PlacementRequest["constraints"]) => conditions.map(({ text }) => text);
  const constraints = listServiceConstraints({
    constraints: texts(request.constraints),
    platforms: texts(request.platforms),
  });
  return (
    (replicas === undefined) === (request.replicas === undefined) &&
    isDeepStrictEqual(new Set(placement.constraints), new Set(constraints)) &&
    maxPerNode === request.maxPerNode &&
    isDeepStrictEqual(reservations, request.reservations)
  );
}

/** The pools of this program. */
export class PlannedPools {
  private readonly requests = new Map<string, Promise<PlacementRequest | undefined>>();

  /** @param request undefined if it is not known yet */
  add(serviceName: string, request: Promise<PlacementRequest | undefined>): void {
    this.requests.set(serviceName, request);
  }

  /**
   * Whether this program may free what a service of its stack reserves: because it removes
   * replicas, moves them, or deletes the service.
   */
  async frees(service: Service): Promise<boolean> {
    const request = await this.requests.get(service.name);
    if (request === undefined) return true;
    const isSmaller = request.replicas !== undefined && request.replicas < (service.replicas ?? 0);
    return isSmaller || !hasSamePlacement(service, request);
  }
}
