import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import execa from "execa";

/** A certificate and its key, in PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** The certificates of an engine with TLS and of its clients. */
export interface EngineCertificates {
  /** The CA, in PEM. */
  readonly ca: string;
  readonly server: KeyPair;
  readonly client: KeyPair;
  /** An engine whose certificate has expired. */
  readonly expiredServer: KeyPair;
  /** An engine whose certificate names `localhost` only in its common name. */
  readonly nameless: KeyPair;
  /** A client whose certificate another CA has issued. */
  readonly stranger: KeyPair;
  /** The other CA, in PEM. */
  readonly otherCa: string;
  /** A client whose certificate has expired. */
  readonly expired: KeyPair;
}

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** Creates certificates for an engine. @param address the engine's IP address */
export async function makeEngineCertificates(address: string): Promise<EngineCertificates> {
  const folder = mkdtempSync(join(tmpdir(), "certificates-"));
  const openssl = (...args: readonly string[]) => execa("openssl", args, { cwd: folder });
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  const makeCa = async (name: string) => {
    const names = ["-subj", `/CN=${name}`, "-keyout", `${name}.key`, "-out", `${name}.pem`];
    await openssl("req", "-x509", ...NEW_KEY, "-days", "2", ...names);
  };
  const issue = async (
    name: string,
    ca: string,
    use: string,
    { days = "2", names: alternative = `subjectAltName=IP:${address}\n` } = {},
  ): Promise<KeyPair> => {
    const names = ["-subj", `/CN=${name}`, "-keyout", `${name}.key`, "-out", `${name}.csr`];
    await openssl("req", ...NEW_KEY, ...names);
    writeFileSync(join(folder, "extensions"), `${alternative}extendedKeyUsage=${use}\n`);
    const by = ["-CA", `${ca}.pem`, "-CAkey", `${ca}.key`, "-CAcreateserial"];
    await openssl(
      ...["x509", "-req", "-in", `${name}.csr`, ...by, "-days", days],
      ...["-extfile", "extensions", "-out", `${name}.pem`],
    );
    return { cert: read(`${name}.pem`), key: read(`${name}.key`) };
  };
  try {
    await makeCa("ca");
    await makeCa("other");
    return {
      ca: read("ca.pem"),
      otherCa: read("other.pem"),
      server: await issue("server", "ca", "serverAuth"),
      expiredServer: await issue("expired-server", "ca", "serverAuth", { days: "-1" }),
      nameless: await issue("localhost", "ca", "serverAuth", { names: "" }),
      client: await issue("client", "ca", "clientAuth"),
      stranger: await issue("stranger", "other", "clientAuth"),
      expired: await issue("expired", "ca", "clientAuth", { days: "-1" }),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
