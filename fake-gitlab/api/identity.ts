import type { FastifyRequest } from "fastify";
import type { HeldEvent } from "../state/events";
import type { Instance } from "../state/instance";
import { findRunnerByToken } from "../state/runners";
import { findJobByToken } from "./authenticate";
import { rawParams } from "./params";

/** The sender of a request, as far as it is identified. Finding it does not change the state. */
export interface Identity {
  readonly runnerId: number | null;
  readonly systemId: string | null;
  readonly jobId: number | null;
}

/** Identifies the sender of a request by its tokens and system ID. */
export function identify(instance: Instance, request: FastifyRequest): Identity {
  const { token, system_id } = rawParams(request);
  const job = findJobByToken(instance, request);
  const runner = typeof token === "string" ? findRunnerByToken(instance, token) : undefined;
  return {
    runnerId: runner?.id ?? job?.runnerId ?? null,
    systemId: typeof system_id === "string" ? system_id : (job?.systemId ?? null),
    jobId: job?.id ?? null,
  };
}

/** Returns the method and pattern of a request's route, below /api/v4. */
export function getEndpoint(request: FastifyRequest): string {
  const pattern = request.routeOptions.url ?? request.url.split("?")[0] ?? "";
  return `${request.method} ${pattern.replace(/^\/api\/v4/, "")}`;
}

/** Logs that a request is being held. */
export function noteHeld(
  instance: Instance,
  request: FastifyRequest,
  why: HeldEvent["why"],
  jobId: number | null = null,
): void {
  const who = identify(instance, request);
  instance.events.add({
    kind: "held",
    why,
    endpoint: getEndpoint(request),
    ...who,
    jobId: jobId ?? who.jobId,
  });
}
