import { createHmac } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { choosePort } from "../../dev/ports";
import { makeCertificate, type Certificate } from "./certificate";
import { findCacheServers } from "./find-cache-servers";
import { startServer } from "./server-process";

/** Azure Blob Storage's emulator with one container. */
export interface AzureServer extends AsyncDisposable {
  readonly accountName: string;
  readonly accountKey: string;
  readonly containerName: string;
  readonly storageDomain: string;
  /** Path of the certificate, which clients must trust. */
  readonly certificateFile: string;
  /** Path of a file for `/etc/hosts` with the server's name, which no DNS server knows. */
  readonly hostsFile: string;
}

const HOST = "127.0.0.1";
const DOMAIN = "blob.test";
const CONTAINER = "runner-cache";
const PREFERRED_PORT = 10_443;

/** The account that Azurite always has. The key is in its documentation. */
const ACCOUNT = "devstoreaccount1";
const KEY =
  "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

export async function startAzureServer(): Promise<AzureServer> {
  const { azure } = await findCacheServers();
  const folder = await mkdtemp(join(tmpdir(), "azure-server-"));
  const certificate = await makeCertificate(`${ACCOUNT}.${DOMAIN}`);
  const hostsFile = join(folder, "hosts");
  await writeFile(hostsFile, `${HOST} localhost ${ACCOUNT}.${DOMAIN}\n`);
  const port = await choosePort(PREFERRED_PORT);
  const server = await startServer({
    program: process.execPath,
    args: [
      azure,
      ...["--blobHost", HOST, "--blobPort", String(port), "--location", folder],
      ...["--cert", certificate.file, "--key", certificate.keyFile],
      ...["--silent", "--disableTelemetry", "--skipApiVersionCheck"],
    ],
    host: HOST,
    port,
  });
  await createContainer(port, certificate);
  return {
    accountName: ACCOUNT,
    accountKey: KEY,
    containerName: CONTAINER,
    storageDomain: `${DOMAIN}:${port}`,
    certificateFile: certificate.file,
    hostsFile,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      certificate[Symbol.dispose]();
      await rm(folder, { recursive: true });
    },
  };
}

/** Creates the container, with a request that is signed with the account's key. */
async function createContainer(port: number, { cert }: Certificate): Promise<void> {
  const headers = { "x-ms-date": new Date().toUTCString(), "x-ms-version": "2021-08-06" };
  const text = [
    // The verb, and eleven standard headers that this request does not have.
    `PUT${"\n".repeat(12)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}:${value}\n`),
    `/${ACCOUNT}/${ACCOUNT}/${CONTAINER}\nrestype:container`,
  ].join("");
  const signature = createHmac("sha256", Buffer.from(KEY, "base64")).update(text).digest("base64");
  const sent = request({
    ...{ host: HOST, port, ca: cert, method: "PUT" },
    path: `/${ACCOUNT}/${CONTAINER}?restype=container`,
    headers: {
      ...headers,
      Authorization: `SharedKey ${ACCOUNT}:${signature}`,
      "Content-Length": 0,
    },
  });
  sent.end();
  const [response] = (await once(sent, "response")) as [{ statusCode: number; resume(): void }];
  response.resume();
  if (response.statusCode !== 201) {
    throw new Error(`Azurite answered ${response.statusCode} to the creation of a container`);
  }
}
