import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const FOLDER = resolve(__dirname, "../fixtures/gitlab-certificates");

/** Path of a certificate or a key in tests/fixtures/gitlab-certificates. */
export const certificatePath = (file: string): string => join(FOLDER, file);

/** Reads a certificate or a key in tests/fixtures/gitlab-certificates. */
export const readCertificate = (file: string): string =>
  readFileSync(certificatePath(file), "utf8");
