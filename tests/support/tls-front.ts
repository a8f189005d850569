import { once } from "node:events";
import { connect, type AddressInfo, type Socket } from "node:net";
import { createServer, type Server, type TlsOptions } from "node:tls";
import { request } from "node:https";

/** A server with TLS in front of another server, as nginx is in front of GitLab. */
export interface TlsFront extends AsyncDisposable {
  /** Base URL, without a trailing slash. */
  readonly url: string;
  /** SHA-256 fingerprints of the certificates that clients presented. */
  readonly clients: ReadonlySet<string>;
  /** Uses other certificates for new connections. */
  use(tls: TlsOptions): void;
}

/**
 * Starts a server with TLS that passes everything to another server.
 * @param host the address to listen on
 * @param target URL of the other server
 * @param tls with `requestCert` and `rejectUnauthorized`, clients need a certificate of `ca`
 */
export async function startTlsFront(
  host: string,
  target: string,
  tls: TlsOptions,
): Promise<TlsFront> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const clients = new Set<string>();
  const server: Server = createServer(tls, (incoming) => {
    const { fingerprint256 } = incoming.getPeerCertificate() as { fingerprint256?: string };
    if (fingerprint256 !== undefined) clients.add(fingerprint256);
    const outgoing = connect({ host: hostname, port: Number(port) });
    for (const [one, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(one);
      one.on("error", () => other.destroy()).on("close", () => other.destroy());
      one.pipe(other);
    }
  });
  // A client that does not trust the server, or whose certificate the server rejects.
  server.on("tlsClientError", () => undefined);
  server.listen(0, host);
  await once(server, "listening");
  return {
    url: `https://${host}:${(server.address() as AddressInfo).port}`,
    clients,
    use: (other) => {
      server.setSecureContext(other);
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** Sends a request with these certificates. @returns the status, or the code of the error */
export function probe(url: string, tls: TlsOptions): Promise<number | string> {
  return new Promise((resolve) => {
    const { ca, cert, key } = tls;
    request(url, { ca, cert, key, agent: false, timeout: 10_000 }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on("error", (error: NodeJS.ErrnoException) => {
        resolve(error.code ?? error.message);
      })
      .end();
  });
}
