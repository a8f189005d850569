import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyReply } from "fastify";
import type { FaultAction } from "./schema";

type ActionOf<K extends FaultAction["kind"]> = Extract<FaultAction, { kind: K }>;

/** Responds with 101 on the raw connection and keeps it open until `until` is aborted. */
export async function switchProtocols(
  action: ActionOf<"switch protocols">,
  reply: FastifyReply,
  until: AbortSignal,
): Promise<void> {
  reply.hijack();
  const { socket } = reply.raw;
  if (socket === null) return;
  const protocol = action.protocol ?? "websocket";
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n\r\n`,
  );
  if (!until.aborted) await once(until, "abort");
  socket.destroy();
}

/** Sends chunk after chunk until `until` is aborted, and then closes the connection. */
export async function endlessBody(
  action: ActionOf<"endless">,
  reply: FastifyReply,
  until: AbortSignal,
): Promise<void> {
  const { start = "[", repeat = " ", everyMs = 100 } = action;
  const response = begin(action, reply, {});
  await writeAll(response, start, until);
  while (!until.aborted) {
    await writeAll(response, repeat, until);
    if (everyMs > 0) await pause(everyMs, until);
  }
  response.destroy();
}

/** Announces twice the length of the body that it sends, and then closes the connection. */
export function cutBody(action: ActionOf<"cut body">, reply: FastifyReply): void {
  const length = Buffer.byteLength(action.text);
  const response = begin(action, reply, { "Content-Length": String(2 * length + 1) });
  response.write(action.text, () => response.destroy());
}

/** Takes over the response from the server and sends its headers. */
function begin(
  action: { readonly status?: number | undefined; readonly contentType?: string | undefined },
  reply: FastifyReply,
  headers: Readonly<Record<string, string>>,
): ServerResponse {
  reply.hijack();
  const type = action.contentType ?? "application/json";
  reply.raw.writeHead(action.status ?? 200, { "Content-Type": type, ...headers });
  return reply.raw;
}

/** Writes at the speed at which the client reads. */
async function writeAll(response: ServerResponse, text: string, until: AbortSignal): Promise<void> {
  if (response.write(text)) {
    // Gives the event loop a chance to notice a disconnected client, even if no write has to wait.
    await sleep(0);
    return;
  }
  await once(response, "drain", { signal: until }).catch(() => undefined);
}

async function pause(ms: number, until: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: until, ref: false }).catch(() => undefined);
}
