import { findProxy } from "../../contract/proxy/find-proxy";
import { createTransport } from "../../http/transport";
import { readGoTrust } from "../../http/trust";

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
  /**
   * Whether the request went through a proxy without TLS, so that the proxy may have answered it.
   * @default false
   */
  readonly isForwarded?: boolean;
}

/** Sends a request to a registry. It follows no redirect. Tests replace it. */
export type RegistryTransport = (request: RegistryRequest) => Promise<RegistryAnswer>;

/**
 * Creates the transport of the docker provider, which reads the digest of a pushed image itself:
 * with the proxy of the shell, and with the certificate authorities of Go programs. Those in
 * /etc/docker/certs.d are only the engine's. Unlike a check of reachability, a login needs a
 * verified certificate.
 */
export function createRegistryTransport(
  env: Readonly<Record<string, string | undefined>>,
  timeoutMs = ANSWER_TIMEOUT_MS,
): RegistryTransport {
  const send = createTransport({ env, timeoutMs, trust: readGoTrust });
  return async ({ method, url, headers = {} }) => {
    const answer = await send({
      ...{ method, url, body: undefined },
      headers: { "user-agent": "gitlab-runner-pool", ...headers },
    });
    const isForwarded = url.protocol === "http:" && findProxy(url, env) !== undefined;
    return { ...answer, isForwarded };
  };
}
