import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A download host on this machine that replaces Pulumi's or GitLab's. */
export interface DownloadHost extends AsyncDisposable {
  /** Without a trailing slash. */
  readonly url: string;
  /** Requested paths. */
  readonly asked: readonly string[];
}

/**
 * Starts a download host.
 * @param files content by path; a number is the status to respond with, `"cut"` closes the
 * connection half-way
 */
export async function startDownloadHost(
  files: Readonly<Record<string, Buffer | number | "cut">>,
): Promise<DownloadHost> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    if (request.method !== "HEAD") asked.push(path);
    const file = Object.hasOwn(files, path) ? files[path] : 404;
    if (typeof file === "number" || file === undefined) {
      response.writeHead(file ?? 404).end();
    } else if (file === "cut") {
      response.writeHead(200, { "Content-Length": "1000" }).write("half of it");
      setTimeout(() => response.destroy(), 50);
    } else {
      response.writeHead(200).end(file);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
