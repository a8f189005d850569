import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TlsOptions } from "../../../../http/send-request";
import { checkAlternativeNames } from "../../../../contract/engine-certificate";
import { callHttp, type HttpResponse } from "../http-call";
import { SYSTEM_CERTIFICATES } from "../paths";
import { formatHost, type Engine, type EngineTls } from "./engine";

export interface EngineRequest {
  readonly method: "GET" | "DELETE";
  readonly path: string;
  readonly timeoutMs: number;
  /** A longer response is an error. */
  readonly maxBytes: number;
  /** Cancels the request. */
  readonly signal?: AbortSignal;
  /** Called when the connection exists, with TLS after the handshake. */
  readonly onConnect?: () => void;
}

/**
 * Sends a request to an engine.
 * @throws Error with the reason if there is no response, or a certificate file cannot be read
 */
export async function callEngine(engine: Engine, request: EngineRequest): Promise<HttpResponse> {
  const { method, path, ...limits } = request;
  if (engine.kind === "tcp" && engine.tls !== null) {
    // TLS costs time to load, so it is loaded only where it is used.
    const { checkServerIdentity } = await import("node:tls");
    const target = new URL(`https://${formatHost(engine)}${path}`);
    const tls: TlsOptions = {
      ...readTls(engine.tls),
      checkServerIdentity: (host, certificate) =>
        checkAlternativeNames(host, certificate.subjectaltname) ??
        checkServerIdentity(host, certificate),
    };
    return callHttp({ ...limits, target, method, tls });
  }
  if (engine.kind === "tcp") {
    return callHttp({ ...limits, target: new URL(`http://${formatHost(engine)}${path}`), method });
  }
  // Through a socket, the host has no meaning.
  const target = new URL(`http://docker${path}`);
  return callHttp({ ...limits, target, method, socketPath: engine.path });
}

/** Reads the certificates for each request, as gitlab-runner does for each job. */
function readTls({ folder }: EngineTls): TlsOptions {
  if (folder === null) return { ca: readFileSync(SYSTEM_CERTIFICATES) };
  const read = (name: string) => readFileSync(join(folder, name));
  return { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
}
