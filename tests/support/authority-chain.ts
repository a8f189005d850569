import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import execa from "execa";

/** A server's certificate, whose CA another CA issued. All in PEM. */
export interface AuthorityChain {
  readonly root: string;
  readonly intermediate: string;
  readonly leaf: string;
  /** The key of the leaf. */
  readonly key: string;
}

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** Creates a chain of certificates. @param address the server's IP address */
export async function makeAuthorityChain(address: string): Promise<AuthorityChain> {
  const folder = mkdtempSync(join(tmpdir(), "chain-"));
  const openssl = (...args: readonly string[]) => execa("openssl", args, { cwd: folder });
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  const issue = async (name: string, by: string, extensions: string) => {
    writeFileSync(join(folder, "extensions"), extensions);
    const names = ["-subj", `/CN=${name}`, "-keyout", `${name}.key`, "-out", `${name}.csr`];
    await openssl("req", ...NEW_KEY, ...names);
    const from = ["-CA", `${by}.pem`, "-CAkey", `${by}.key`, "-CAcreateserial"];
    await openssl(
      ...["x509", "-req", "-in", `${name}.csr`, ...from, "-days", "2"],
      ...["-extfile", "extensions", "-out", `${name}.pem`],
    );
  };
  try {
    const own = ["-days", "2", "-subj", "/CN=root", "-keyout", "root.key", "-out", "root.pem"];
    await openssl("req", "-x509", ...NEW_KEY, ...own);
    await issue("intermediate", "root", "basicConstraints=critical,CA:TRUE\n");
    await issue("leaf", "intermediate", `subjectAltName=IP:${address}\n`);
    return {
      root: read("root.pem"),
      intermediate: read("intermediate.pem"),
      leaf: read("leaf.pem"),
      key: read("leaf.key"),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
