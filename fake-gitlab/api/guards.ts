import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Instance } from "../state/instance";
import { countUse } from "../state/rate-limits";
import { ApiError } from "./errors";
import { getEndpoint } from "./identity";

const MINUTE_SECONDS = 60;

/**
 * Responses that GitLab sends before it handles a request: rate limits of the whole instance,
 * maintenance, migrations.
 */
export function addGuards(app: FastifyInstance, instance: Instance): void {
  app.addHook("onRequest", async (request, reply) => {
    if (isOverLimit(instance, request, reply)) return reply;
    const writes = !["GET", "HEAD", "OPTIONS"].includes(request.method);
    if (instance.switches.maintenanceMode && writes) {
      const message = "You cannot perform write operations on a read-only instance";
      throw new ApiError(503, { message }, { "Retry-After": "60" });
    }
    if (instance.switches.databaseMigrations && isCallOfRunner(request)) {
      const message = "Executing database migrations. Please retry later.";
      throw new ApiError(429, { message }, { "Retry-After": "60" });
    }
    return undefined;
  });
}

/** The rate limit of the whole instance (Rack::Attack) responds with plain text. */
function isOverLimit(instance: Instance, request: FastifyRequest, reply: FastifyReply): boolean {
  const limit = instance.switches.requestsPerMinute;
  if (limit === null) return false;
  const observed = countUse(instance, `requests of ${request.ip}`);
  if (observed <= limit) return false;
  const now = Math.floor(instance.clock.now() / 1000);
  const left = MINUTE_SECONDS - (now % MINUTE_SECONDS);
  reply
    .code(429)
    .headers({
      "RateLimit-Limit": String(limit),
      "RateLimit-Name": "throttle_unauthenticated_api",
      "RateLimit-Observed": String(observed),
      "RateLimit-Remaining": "0",
      "RateLimit-Reset": String(now + left),
      "RateLimit-ResetTime": new Date((now + left) * 1000).toUTCString(),
      "Retry-After": String(left),
    })
    .type("text/plain")
    .send("Retry later\n");
  return true;
}

const CALLS_OF_RUNNERS = [
  "POST /runners",
  "DELETE /runners",
  "DELETE /runners/managers",
  "POST /runners/verify",
  "POST /runners/reset_authentication_token",
  "POST /jobs/request",
  "PUT /jobs/:id",
  "PATCH /jobs/:id/trace",
  "POST /jobs/:id/artifacts",
  "GET /jobs/:id/artifacts",
];

function isCallOfRunner(request: FastifyRequest): boolean {
  return CALLS_OF_RUNNERS.includes(getEndpoint(request));
}
