import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { rootCertificates } from "node:tls";

/** Where Docker reads the certificate authorities of registries: a folder for each `HOST:PORT`. */
const FOLDER = "/etc/docker/certs.d";

/**
 * Returns the certificate authorities that Docker trusts for a registry, as an option of TLS. Empty
 * if Docker uses its defaults for this registry: Node.js then uses its own.
 * @param host `HOST[:PORT]`
 */
export function findAuthorities(host: string, folder: string = FOLDER): { readonly ca?: string[] } {
  const own = join(folder, host);
  if (!existsSync(own)) return {};
  const files = readdirSync(own).filter((name) => name.endsWith(".crt"));
  return {
    ca: [...rootCertificates, ...files.map((name) => readFileSync(join(own, name), "utf8"))],
  };
}
