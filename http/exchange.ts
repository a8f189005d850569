import type { ClientRequest, IncomingMessage } from "node:http";

export interface Exchange {
  readonly body?: string | undefined;
  /** Called when the connection exists, with TLS after the handshake. */
  readonly onConnect?: (() => void) | undefined;
}

/**
 * Sends a request and waits for the head of the response.
 * @throws Error with the reason if there is no response
 */
export function exchange(
  outgoing: ClientRequest,
  { body, onConnect }: Exchange = {},
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.on("socket", (socket) => {
      socket.once("encrypted" in socket ? "secureConnect" : "connect", () => onConnect?.());
    });
    outgoing.on("upgrade", (response: IncomingMessage) => {
      reject(new Error(`the ${response.statusCode ?? 0} response switches protocols`));
    });
    outgoing.on("close", () => {
      reject(new Error("the connection closed without a response"));
    });
    outgoing.on("response", resolve).on("error", reject).end(body);
  });
}
