import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import type { RequestOptions } from "node:https";
import type { SecureContext } from "node:tls";
import { exchange, type Exchange } from "./exchange";
import { sendThroughProxy } from "./through-proxy";

/** How to verify a server, and how to identify to it. */
export type TlsOptions = Pick<
  RequestOptions,
  "allowPartialTrustChain" | "ca" | "cert" | "key" | "checkServerIdentity" | "rejectUnauthorized"
> & {
  /** Parsed certificates, for several requests. A proxy that uses TLS is verified without them. */
  readonly secureContext?: SecureContext;
};

export interface OutgoingRequest extends Exchange {
  /** An `http:` or `https:` address. */
  readonly target: URL;
  readonly method: string;
  readonly headers?: OutgoingHttpHeaders | undefined;
  /** For an `https:` address, and how to verify an `https:` proxy. */
  readonly tls?: TlsOptions | undefined;
  /** A socket of this machine to which to connect instead of to the address. */
  readonly socketPath?: string | undefined;
  /** The proxy to use, as `findProxy` returns it. @default a direct connection */
  readonly proxy?: URL | undefined;
  /** Cancels the request, in all its phases. */
  readonly signal: AbortSignal;
}

/**
 * Sends a request, directly or through a proxy, over a new connection. It follows no redirect.
 * TLS costs time to load, so it is loaded only where it is used.
 * @returns the response, whose body must be read or destroyed
 * @throws ProxyError if the proxy is the reason that there is no response; Error for other reasons
 */
export async function sendRequest(request: OutgoingRequest): Promise<IncomingMessage> {
  const { target, method, headers, socketPath, proxy, signal } = request;
  if (proxy !== undefined) return sendThroughProxy({ ...request, proxy });
  const isTls = target.protocol === "https:";
  const { request: open } = isTls ? await import("node:https") : await import("node:http");
  const options: RequestOptions = {
    method,
    signal,
    agent: false,
    ...(isTls && request.tls),
    ...(headers !== undefined && { headers }),
    ...(socketPath !== undefined && { socketPath }),
  };
  return exchange(open(target, options), request);
}
