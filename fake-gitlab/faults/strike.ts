import { STATUS_CODES } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyReply } from "fastify";
import { closed } from "../api/connection";
import { tooManyRequests } from "../api/errors";
import { cutBody, endlessBody, switchProtocols } from "./raw-answers";
import type { FaultAction } from "./schema";

/**
 * Executes a fault before GitLab sees the request.
 * @param until aborted when the fault is cleared, the client disconnects or the server stops
 * @returns true if the request ends here; false to handle it
 */
export async function strike(
  action: FaultAction,
  reply: FastifyReply,
  until: AbortSignal,
): Promise<boolean> {
  switch (action.kind) {
    case "status":
      sendStatus(action, reply);
      return true;
    case "text":
      reply
        .code(action.status ?? 200)
        .headers(action.headers ?? {})
        .type(action.contentType ?? "text/html")
        .send(action.text);
      return true;
    case "redirect":
      reply.redirect(action.location, action.status ?? 302);
      return true;
    case "reset":
      reply.raw.socket?.resetAndDestroy();
      reply.hijack();
      return true;
    case "switch protocols":
      await switchProtocols(action, reply, until);
      return true;
    case "endless":
      await endlessBody(action, reply, until);
      return true;
    case "cut body":
      cutBody(action, reply);
      return true;
    case "delay":
    case "hang":
      await wait(action.kind === "delay" ? action.ms : undefined, until);
      if (!closed(reply).aborted) return false;
      // A proxy does not forward the request of a client that has disconnected.
      reply.hijack();
      return true;
    case "hold answer":
    case "drop answer":
      return false;
  }
}

/** Returns GitLab's usual response with a status, unless the fault has its own body. */
function sendStatus(action: FaultAction & { kind: "status" }, reply: FastifyReply): void {
  const { status, body, headers = {} } = action;
  const limit = status === 429 && body === undefined ? tooManyRequests() : undefined;
  const usual = { message: `${status} ${STATUS_CODES[status] ?? ""}` };
  reply
    .code(status)
    .headers({ ...limit?.headers, ...headers })
    .type("application/json")
    .send(body ?? limit?.body ?? usual);
}

const FOREVER = 2 ** 31 - 1;

/** Waits until the time is over or `until` is aborted. */
export async function wait(ms: number | undefined, until: AbortSignal): Promise<void> {
  await sleep(ms ?? FOREVER, undefined, { signal: until, ref: false }).catch(() => undefined);
}
