import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { isIP, type Socket } from "node:net";
import { buildProxyAuthorization } from "../contract/proxy/find-proxy";
import { exchange } from "./exchange";
import { describeNetworkError, formatProxy, ProxyError } from "./proxy-error";
import type { OutgoingRequest } from "./send-request";

interface ProxiedRequest extends OutgoingRequest {
  readonly proxy: URL;
}

/** @throws ProxyError if this module cannot use a proxy */
export function checkProxy(proxy: URL): void {
  if (/^https?:$/.test(proxy.protocol)) return;
  throw new ProxyError(
    "unsupported",
    proxy,
    `has the scheme ${proxy.protocol}//, which is not supported: use a proxy with http:// or https://`,
  );
}

/** Sends a request through a proxy: by CONNECT to an `https:` address, otherwise as it is. */
export async function sendThroughProxy(request: ProxiedRequest): Promise<IncomingMessage> {
  const { proxy, target } = request;
  checkProxy(proxy);
  return target.protocol === "https:" ? sendThroughTunnel(request) : forward(request);
}

async function sendThroughTunnel(request: ProxiedRequest): Promise<IncomingMessage> {
  const { target, method, headers, tls, signal } = request;
  const { request: open } = await import("node:https");
  const { connect } = await import("node:tls");
  const socket = await openTunnel(request);
  const host = stripBrackets(target.hostname);
  const outgoing = open(target, {
    method,
    signal,
    ...(headers !== undefined && { headers }),
    // Without an agent, which would open its own connection.
    createConnection: () =>
      connect({
        ...tls,
        socket,
        host,
        // TLS does not allow an address here.
        ...(isIP(host) === 0 && { servername: host }),
        ALPNProtocols: ["http/1.1"],
      }),
  });
  return exchange(outgoing, request);
}

/** Asks the proxy for a connection to the server. */
async function openTunnel(request: ProxiedRequest): Promise<Socket> {
  const { proxy, target, signal } = request;
  const path = `${target.hostname}:${target.port || "443"}`;
  const headers = { host: path, ...buildProxyAuthorization(proxy) };
  let connected = false;
  const asked = await askProxy(request, { method: "CONNECT", path, headers });
  return new Promise((resolve, reject) => {
    asked.on("socket", (socket) => {
      socket.once("encrypted" in socket ? "secureConnect" : "connect", () => {
        connected = true;
      });
    });
    asked.on("connect", (answer, socket, head) => {
      if (answer.statusCode === 200 && !signal.aborted) {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(rejection(proxy, answer));
    });
    asked.on("error", (error) => {
      reject(signal.aborted ? error : failure(proxy, error, connected));
    });
    asked.end();
  });
}

/** Sends the request to the proxy with the whole address of the server. */
async function forward(request: ProxiedRequest): Promise<IncomingMessage> {
  const { proxy, target, method, signal, onConnect } = request;
  const headers = { host: target.host, ...request.headers, ...buildProxyAuthorization(proxy) };
  const path = `${target.origin}${target.pathname}${target.search}`;
  const outgoing = await askProxy(request, { method, path, headers });
  let connected = false;
  const watched = {
    ...request,
    onConnect: () => {
      connected = true;
      onConnect?.();
    },
  };
  const answer = await exchange(outgoing, watched).catch((error: unknown) => {
    throw signal.aborted ? error : failure(proxy, error, connected);
  });
  if (answer.statusCode !== 407) return answer;
  answer.destroy();
  throw rejection(proxy, answer);
}

async function askProxy(
  { proxy, tls, signal }: ProxiedRequest,
  options: RequestOptions,
): Promise<ClientRequest> {
  const host = stripBrackets(proxy.hostname);
  const address = {
    host,
    port: formatProxy(proxy).slice(proxy.hostname.length + 1),
    agent: false,
    signal,
  };
  if (proxy.protocol === "http:") {
    return (await import("node:http")).request({ ...options, ...address });
  }
  const { request: openTls } = await import("node:https");
  const { allowPartialTrustChain, ca, rejectUnauthorized } = tls ?? {};
  return openTls({
    ...options,
    ...address,
    // Otherwise Node.js would expect the name in the header `Host` in the proxy's certificate.
    servername: isIP(host) === 0 ? host : "",
    ...(ca !== undefined && { ca }),
    ...(allowPartialTrustChain !== undefined && { allowPartialTrustChain }),
    ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
  });
}

function rejection(
  proxy: URL,
  { statusCode = 0, statusMessage = "" }: IncomingMessage,
): ProxyError {
  // tinyproxy answers 401 to a wrong login.
  const fault = [401, 407].includes(statusCode) ? "login" : "refused";
  return new ProxyError(fault, proxy, `answered ${statusCode} ${statusMessage}`.trim());
}

function failure(proxy: URL, error: unknown, connected: boolean): ProxyError {
  const { code = "" } = error as NodeJS.ErrnoException;
  const unresolved = code === "ENOTFOUND" || code.startsWith("EAI_");
  const what = unresolved
    ? "cannot be resolved"
    : connected
      ? "closed the connection"
      : "cannot be reached";
  return new ProxyError("away", proxy, `${what}: ${describeNetworkError(error)}`, {
    cause: error,
  });
}

function stripBrackets(host: string): string {
  return host.replace(/^\[|\]$/g, "");
}
