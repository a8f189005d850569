import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const FOLDER = resolve(__dirname, "../fixtures/engine-certificates");

const read = (file: string) => readFileSync(join(FOLDER, file), "utf8");

/** Settings of an engine with TLS that no engine accepts, by key. */
export const TLS_SETTINGS = {
  "docker.hostCa": read("ca.pem"),
  "docker.hostCert": read("cert.pem"),
  "docker.hostKey": read("key.pem"),
} as const;
