import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { choosePort } from "../../dev/ports";
import { makeCertificate, type Certificate } from "./certificate";
import { findCacheServers } from "./find-cache-servers";
import { startServer } from "./server-process";

/** Google Cloud Storage's emulator with one bucket. */
export interface GcsServer extends AsyncDisposable {
  readonly url: string;
  readonly bucket: string;
  /** Key of a service account, as JSON. The emulator does not check signatures. */
  readonly credentials: string;
  /** Path of the certificate, which clients must trust. */
  readonly certificateFile: string;
  /** Lists the names of all objects in the bucket. */
  objects(): Promise<readonly string[]>;
}

const HOST = "127.0.0.1";
const BUCKET = "runner-cache";
const PREFERRED_PORT = 14_444;

export async function startGcsServer(): Promise<GcsServer> {
  const { gcs } = await findCacheServers();
  const certificate = await makeCertificate();
  const port = await choosePort(PREFERRED_PORT);
  const proxy = await startProxy(port, certificate);
  const { port: publicPort } = proxy.address() as AddressInfo;
  const server = await startServer({
    program: gcs,
    args: [
      ...["-scheme", "http", "-host", HOST, "-port", String(port), "-backend", "memory"],
      ...["-public-host", `${HOST}:${publicPort}`],
    ],
    host: HOST,
    port,
  });
  const api = `http://${HOST}:${port}/storage/v1/b`;
  await fetch(api, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: BUCKET }),
  });
  return {
    url: `https://${HOST}:${publicPort}`,
    bucket: BUCKET,
    credentials: makeCredentials(),
    certificateFile: certificate.file,
    async objects() {
      const response = await fetch(`${api}/${BUCKET}/o`);
      const { items = [] } = (await response.json()) as { items?: readonly { name: string }[] };
      return items.map(({ name }) => name);
    },
    async [Symbol.asyncDispose]() {
      proxy.closeAllConnections();
      proxy.close();
      await server[Symbol.asyncDispose]();
      certificate[Symbol.dispose]();
    },
  };
}

/**
 * Starts a TLS server in front of the emulator. gitlab-runner always uses TLS, and signs URLs with
 * version 2. The emulator accepts an upload only with a parameter of version 4.
 */
async function startProxy(port: number, { cert, key }: Certificate): Promise<Server> {
  const proxy = createServer({ cert, key }, (incoming, response) => {
    const path = incoming.url ?? "/";
    const mark = path.includes("?") ? "&" : "?";
    const outgoing = request(
      {
        ...{ host: HOST, port, method: incoming.method, headers: incoming.headers },
        path: `${path}${mark}X-Goog-Algorithm=GOOG4-RSA-SHA256`,
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    outgoing.on("error", () => response.destroy());
    incoming.pipe(outgoing);
  });
  proxy.listen(0, HOST);
  await once(proxy, "listening");
  return proxy;
}

function makeCredentials(): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return JSON.stringify({
    type: "service_account",
    client_email: "ci@example.iam.gserviceaccount.com",
    private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
  });
}
