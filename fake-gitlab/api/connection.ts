import type { FastifyReply } from "fastify";

const signals = new WeakMap<object, AbortSignal>();

/** Aborted when the client disconnects before the response is written. */
export function closed(reply: FastifyReply): AbortSignal {
  const response = reply.raw;
  const known = signals.get(response);
  if (known !== undefined) return known;
  const controller = new AbortController();
  signals.set(response, controller.signal);
  const check = (): void => {
    if (!response.writableFinished) controller.abort();
  };
  if (response.destroyed || response.socket?.destroyed === true) check();
  else response.once("close", check);
  return controller.signal;
}
