import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import execa from "execa";

/** A server's certificate, its key and its CA, in PEM. */
export interface ServerCertificate {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/**
 * Creates a CA, and a certificate that it issued for a server.
 * @param addresses the server's IP addresses, without brackets
 */
export async function makeServerCertificate(
  ...addresses: readonly string[]
): Promise<ServerCertificate> {
  const folder = mkdtempSync(join(tmpdir(), "server-certificate-"));
  const openssl = (...args: readonly string[]) => execa("openssl", args, { cwd: folder });
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  try {
    const ca = ["-subj", "/CN=A private CA", "-keyout", "ca.key", "-out", "ca.pem"];
    await openssl("req", "-x509", ...NEW_KEY, "-days", "40", ...ca);
    const server = ["-subj", "/CN=A server", "-keyout", "server.key", "-out", "server.csr"];
    await openssl("req", ...NEW_KEY, ...server);
    const names = addresses.map((address) => `IP:${address}`).join(",");
    writeFileSync(join(folder, "extensions"), `subjectAltName=${names}\n`);
    const issue = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "40"];
    const files = ["-in", "server.csr", "-extfile", "extensions", "-out", "server.pem"];
    await openssl("x509", "-req", ...issue, ...files);
    return { ca: read("ca.pem"), cert: read("server.pem"), key: read("server.key") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
