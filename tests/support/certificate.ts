import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { isIP } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import execa from "execa";

export interface Certificate extends Disposable {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  /** Path of the certificate. */
  readonly file: string;
  /** Path of the key. */
  readonly keyFile: string;
}

/**
 * Creates a certificate for 127.0.0.1 that nothing trusts by default.
 * @param hosts further host names and IP addresses for which it is valid
 */
export async function makeCertificate(...hosts: readonly string[]): Promise<Certificate> {
  const folder = mkdtempSync(join(tmpdir(), "certificate-"));
  const [file, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const names = ["127.0.0.1", ...hosts].map((host) => `${isIP(host) === 0 ? "DNS" : "IP"}:${host}`);
  await execa("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
    ...["-subj", "/CN=127.0.0.1", "-addext", `subjectAltName=${names.join(",")}`, "-days", "2"],
    ...["-keyout", keyFile, "-out", file],
  ]);
  return {
    cert: readFileSync(file, "utf8"),
    key: readFileSync(keyFile, "utf8"),
    file,
    keyFile,
    [Symbol.dispose]() {
      rmSync(folder, { recursive: true });
    },
  };
}
