import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** A proxy in front of an engine that rejects every change. */
export interface ReadOnlyEngine extends AsyncDisposable {
  /** Address as a value for DOCKER_HOST, on this machine's loopback address. */
  readonly dockerHost: string;
  /** Rejected requests, as `METHOD PATH`. */
  readonly refused: readonly string[];
  /** Forwarded requests. */
  readonly passed: number;
}

/**
 * Starts a proxy that forwards GET and HEAD to an engine's socket and responds to everything else
 * with 403.
 */
export async function openReadOnlyEngine(socketPath: string): Promise<ReadOnlyEngine> {
  const refused: string[] = [];
  let passed = 0;
  const server = createServer((asked, answer) => {
    const { method = "", url = "", headers } = asked;
    if (method !== "GET" && method !== "HEAD") {
      refused.push(`${method} ${url}`);
      answer.writeHead(403).end();
      return;
    }
    passed += 1;
    request({ socketPath, method, path: url, headers }, (found) => {
      answer.writeHead(found.statusCode ?? 502, found.headers);
      found.pipe(answer);
    })
      .on("error", () => answer.destroy())
      .end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    dockerHost: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused,
    get passed() {
      return passed;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
