import type { FastifyInstance, FastifyRequest } from "fastify";
import { getEndpoint, identify, type Identity } from "./api/identity";
import { faultByRequest } from "./faults/hooks";
import type { Instance } from "./state/instance";

const NOBODY: Identity = { runnerId: null, systemId: null, jobId: null };

/** Logs every request to GitLab's API as an event, including unanswered ones. */
export function addRequestLog(app: FastifyInstance, instance: Instance): void {
  const identities = new WeakMap<FastifyRequest, Identity>();

  app.addHook("onRequest", async (request, reply) => {
    if (!request.url.startsWith("/api/")) return;
    const started = performance.now();
    let logged = false;
    const log = (status: number | null): void => {
      if (logged) return;
      logged = true;
      instance.events.add({
        kind: "request",
        endpoint: getEndpoint(request),
        url: withoutSecrets(request.originalUrl),
        status,
        ...(identities.get(request) ?? NOBODY),
        durationMs: Math.round(performance.now() - started),
        faultId: faultByRequest.get(request) ?? null,
      });
    };
    reply.raw.once("finish", () => {
      log(reply.raw.statusCode);
    });
    reply.raw.once("close", () => {
      log(reply.raw.writableFinished ? reply.raw.statusCode : null);
    });
  });

  // Identified before the handler, which may delete a token or give it to another owner.
  app.addHook("preHandler", (request, _reply, done) => {
    if (request.url.startsWith("/api/")) identities.set(request, identify(instance, request));
    done();
  });
}

function withoutSecrets(url: string): string {
  return url.replace(/((?:private_|job_)?token=)[^&]*/g, "$1[hidden]");
}
