import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import execa from "execa";

export interface Certificate extends Disposable {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  /** Path of the certificate. */
  readonly file: string;
}

/** Creates a certificate for 127.0.0.1 that nothing trusts by default. */
export async function makeCertificate(): Promise<Certificate> {
  const folder = mkdtempSync(join(tmpdir(), "certificate-"));
  const [file, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  await execa("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
    ...["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"],
    ...["-keyout", keyFile, "-out", file],
  ]);
  return {
    cert: readFileSync(file, "utf8"),
    key: readFileSync(keyFile, "utf8"),
    file,
    [Symbol.dispose]() {
      rmSync(folder, { recursive: true });
    },
  };
}
