import type { FastifyInstance, FastifyRequest } from "fastify";
import { closed } from "../api/connection";
import { getEndpoint, identify, noteHeld } from "../api/identity";
import { header } from "../api/authenticate";
import { rawParams } from "../api/params";
import type { Instance } from "../state/instance";
import { digestToken } from "../state/tokens";
import type { FaultBook, Target } from "./book";
import { strike, wait } from "./strike";

/** ID of the fault that caught a request. */
export const faultByRequest = new WeakMap<FastifyRequest, number>();

/** Lets faults catch requests to GitLab's API, before and after they are handled. */
export function addFaultHooks(app: FastifyInstance, instance: Instance, faults: FaultBook): void {
  const targets = new WeakMap<FastifyRequest, Target>();

  app.addHook("preHandler", async (request, reply) => {
    if (!request.url.startsWith("/api/")) return undefined;
    const target = describeTarget(instance, request);
    targets.set(request, target);
    const caught = faults.catch(target, "before");
    if (caught === undefined) return undefined;
    faultByRequest.set(request, caught.id);
    const until = AbortSignal.any([caught.ended, closed(reply), instance.stopping.signal]);
    if (["delay", "hang", "switch protocols", "endless"].includes(caught.fault.action.kind)) {
      noteHeld(instance, request, "fault");
    }
    if (await strike(caught.fault.action, reply, until)) return reply;
    return undefined;
  });

  app.addHook("onSend", async (request, reply, payload) => {
    const target = targets.get(request);
    if (target === undefined) return payload;
    const caught = faults.catch({ ...target, status: reply.statusCode }, "after");
    if (caught === undefined) return payload;
    faultByRequest.set(request, caught.id);
    if (caught.fault.action.kind === "hold answer") {
      noteHeld(instance, request, "fault");
      await wait(caught.fault.action.ms, AbortSignal.any([caught.ended, instance.stopping.signal]));
    } else {
      reply.raw.socket?.resetAndDestroy();
    }
    return payload;
  });
}

function describeTarget(instance: Instance, request: FastifyRequest): Target {
  const path = (request.url.split("?")[0] ?? "").replace(/^\/api\/v4/, "");
  const tokens = [header(request, "job-token"), rawParams(request)["token"]];
  return {
    ...identify(instance, request),
    endpoints: [getEndpoint(request), `${request.method} ${path}`],
    tokenDigests: tokens.flatMap((token) =>
      typeof token === "string" ? [digestToken(token)] : [],
    ),
  };
}
