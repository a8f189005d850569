import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { choosePort } from "../../dev/ports";
import { findCacheServers } from "./find-cache-servers";
import { startServer } from "./server-process";

/** A real S3 server with one bucket. */
export interface S3Server extends AsyncDisposable {
  /** `HOST:PORT`. It does not use TLS. */
  readonly address: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Lists the names of all objects in the bucket. */
  objects(): Promise<readonly string[]>;
}

const BUCKET = "runner-cache";
const PREFERRED_PORT = 17_070;

/** @param host the address on which containers reach it */
export async function startS3Server(host: string): Promise<S3Server> {
  const { s3 } = await findCacheServers();
  const folder = await mkdtemp(join(tmpdir(), "s3-server-"));
  const bucket = join(folder, "data", BUCKET);
  await mkdir(bucket, { recursive: true });
  await mkdir(join(folder, "sidecar"));
  const port = await choosePort(PREFERRED_PORT);
  const keys = { accessKey: "TESTACCESSKEY0123", secretKey: "test/secret+key/0123456789abcdef" };
  const server = await startServer({
    program: s3,
    args: [
      ...["--port", `${host}:${port}`, "--quiet"],
      ...["posix", "--sidecar", join(folder, "sidecar"), join(folder, "data")],
    ],
    env: { ROOT_ACCESS_KEY: keys.accessKey, ROOT_SECRET_KEY: keys.secretKey },
    ...{ host, port },
  });
  return {
    ...keys,
    address: `${host}:${port}`,
    bucket: BUCKET,
    async objects() {
      const entries = await readdir(bucket, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => relative(bucket, join(entry.parentPath, entry.name)))
        .sort();
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}
