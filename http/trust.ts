import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { rootCertificates } from "node:tls";

type Env = Readonly<Record<string, string | undefined>>;

/** Bundles of certificate authorities, in the order in which Go programs look for one. */
const SYSTEM_BUNDLES: readonly string[] = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/pki/tls/cacert.pem",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]*-----END CERTIFICATE-----/g;

/** Certificate authorities, and why some that the environment names are missing. */
export interface Trust {
  /** In PEM, one each. */
  readonly authorities: readonly string[];
  /** Such as `SSL_CERT_FILE names /ca.pem, which cannot be read (ENOENT)`. */
  readonly problems: readonly string[];
}

const NOTHING: Trust = { authorities: [], problems: [] };

/**
 * Reads the certificate authorities that Go programs on this machine trust, such as Pulumi's
 * plugins: those in SSL_CERT_FILE (by default the bundle of the distribution), and those in the
 * folders of SSL_CERT_DIR.
 * @param bundles where the bundle of the distribution may be
 */
export function readGoTrust(env: Env, bundles: readonly string[] = SYSTEM_BUNDLES): Trust {
  const file = env["SSL_CERT_FILE"] ?? "";
  const folders = (env["SSL_CERT_DIR"] ?? "").split(":").filter((folder) => folder !== "");
  return combine(
    file === "" ? readFirst(bundles) : readNamed("SSL_CERT_FILE", file),
    ...folders.map(readFolder),
  );
}

/**
 * Reads the certificate authorities that this program trusts: those of Node.js, those in
 * NODE_EXTRA_CA_CERTS, and what Go programs trust. Node.js alone ignores SSL_CERT_FILE. It also
 * ignores NODE_EXTRA_CA_CERTS where a program passes its own list.
 */
export function readTrust(env: Env, bundles: readonly string[] = SYSTEM_BUNDLES): Trust {
  const file = env["NODE_EXTRA_CA_CERTS"] ?? "";
  return combine(
    { authorities: rootCertificates, problems: [] },
    file === "" ? NOTHING : readNamed("NODE_EXTRA_CA_CERTS", file),
    readGoTrust(env, bundles),
  );
}

/** Splits PEM text into its certificates. Everything else in it is ignored. */
export function splitCertificates(pem: string): readonly string[] {
  return pem.match(CERTIFICATE) ?? [];
}

/** Removes repeated certificates: most are in Node.js and in the distribution's bundle. */
export function removeRepeated(certificates: readonly string[]): string[] {
  return [...new Map(certificates.map((one) => [one.replace(/\s/g, ""), one])).values()];
}

function combine(...all: readonly Trust[]): Trust {
  return {
    authorities: all.flatMap(({ authorities }) => authorities),
    problems: all.flatMap(({ problems }) => problems),
  };
}

function readNamed(variable: string, file: string): Trust {
  try {
    return { authorities: splitCertificates(readFileSync(file, "utf8")), problems: [] };
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    const problem = `${variable} names ${file}, which cannot be read (${code})`;
    return { authorities: [], problems: [problem] };
  }
}

function readFirst(files: readonly string[]): Trust {
  for (const file of files) {
    const text = readIfThere(file);
    if (text !== undefined) return { authorities: splitCertificates(text), problems: [] };
  }
  return NOTHING;
}

/** Go ignores what it cannot read in such a folder, so this function does too. */
function readFolder(folder: string): Trust {
  const names = listIfThere(folder);
  const authorities = names.flatMap((name) =>
    splitCertificates(readIfThere(join(folder, name)) ?? ""),
  );
  return { authorities, problems: [] };
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function listIfThere(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
