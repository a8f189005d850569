import { once } from "node:events";
import { request, type ClientRequest, type IncomingMessage } from "node:http";
import { request as requestTls, type RequestOptions } from "node:https";
import type { Socket } from "node:net";
import { text as readAll } from "node:stream/consumers";
import { connect } from "node:tls";
import { buildProxyAuthorization, findProxy } from "../../contract/proxy/find-proxy";
import { findAuthorities } from "./authorities";

/** How long a registry may take to answer one request. */
const ANSWER_TIMEOUT_MS = 10_000;

export interface RegistryRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RegistryAnswer {
  readonly status: number;
  /** @param name in lower case */
  readonly header: (name: string) => string | undefined;
  readonly text: string;
}

/** Sends a request to a registry. It follows no redirect. Tests replace it. */
export type RegistryTransport = (request: RegistryRequest) => Promise<RegistryAnswer>;

type Trust = (host: string) => { readonly ca?: string[] };

/** The registry is behind a proxy that this command cannot use. */
export class UnsupportedProxy extends Error {}

/**
 * Creates the transport of a shell: with its proxy, and with the certificates that docker trusts
 * for the registry. Unlike a check of reachability, a login needs a verified certificate.
 * @param trust finds the certificate authorities of a `HOST[:PORT]`
 */
export function createRegistryTransport(
  env: Readonly<Record<string, string | undefined>>,
  trust: Trust = findAuthorities,
): RegistryTransport {
  return async ({ method, url, headers = {} }) => {
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    try {
      const options = { method, headers: { "user-agent": "gitlab-runner-pool", ...headers } };
      return await readAnswer(await open(url, options, findProxy(url, env), { signal, trust }));
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new Error(
        `no answer to ${method} ${url.pathname} within ${ANSWER_TIMEOUT_MS / 1000} s`,
        {
          cause: error,
        },
      );
    }
  };
}

async function open(
  url: URL,
  own: Required<Pick<RegistryRequest, "method" | "headers">>,
  proxy: URL | undefined,
  { signal, trust }: { readonly signal: AbortSignal; readonly trust: Trust },
): Promise<ClientRequest> {
  const isTls = url.protocol === "https:";
  const options = { ...own, signal, agent: false, ...(isTls ? trust(url.host) : {}) };
  if (proxy === undefined) return (isTls ? requestTls : request)(url, options).end();
  if (!/^https?:$/.test(proxy.protocol)) {
    throw new UnsupportedProxy(
      `this command cannot use the proxy ${proxy.host}, which is not HTTP`,
    );
  }
  if (!isTls) {
    const headers = { ...own.headers, host: url.host, ...buildProxyAuthorization(proxy) };
    return askProxy(proxy, { method: own.method, headers, path: url.href, signal }).end();
  }
  const socket = await openTunnel(proxy, url, signal);
  const servername = url.hostname;
  const createConnection = () => connect({ socket, servername, ...trust(url.host) });
  // Without `agent`: an agent would open its own connection.
  return requestTls(url, { ...own, signal, createConnection }).end();
}

function askProxy(proxy: URL, options: RequestOptions): ClientRequest {
  const secure = proxy.protocol === "https:";
  const address = { host: stripBrackets(proxy.hostname), port: proxy.port || (secure ? 443 : 80) };
  return (secure ? requestTls : request)({ ...options, ...address, agent: false });
}

/** Asks a proxy for a connection to the registry. */
async function openTunnel(proxy: URL, url: URL, signal: AbortSignal): Promise<Socket> {
  const target = `${url.hostname}:${url.port || "443"}`;
  const headers = { host: target, ...buildProxyAuthorization(proxy) };
  const asked = askProxy(proxy, { method: "CONNECT", path: target, headers, signal }).end();
  const [answer, socket] = (await once(asked, "connect")) as [IncomingMessage, Socket];
  if (answer.statusCode === 200) return socket;
  socket.destroy();
  throw new Error(`the proxy ${proxy.host} answered ${answer.statusCode ?? 0}`);
}

async function readAnswer(asked: ClientRequest): Promise<RegistryAnswer> {
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  return {
    status: answer.statusCode ?? 0,
    header: (name) => {
      const value = answer.headers[name];
      return typeof value === "object" ? value.join(", ") : value;
    },
    text: await readAll(answer),
  };
}

function stripBrackets(host: string): string {
  return host.replace(/^\[|\]$/g, "");
}
