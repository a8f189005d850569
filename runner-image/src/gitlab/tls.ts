import { join } from "node:path";
import { nameCertificateFiles } from "../../../contract/certificate-files";
import type { TlsOptions } from "../../../http/send-request";
import { readIfThere } from "../system/files";
import { SYSTEM_CERTIFICATES } from "../system/paths";

/** Certificate files of a GitLab. All are PEM, and undefined if they do not exist. */
interface Read {
  readonly authorities: string | undefined;
  readonly clientCertificate: string | undefined;
  readonly clientKey: string | undefined;
}

/**
 * Creates the TLS options for a GitLab from its certificate files, which it reads each time.
 * Node.js's and the system's authorities are always trusted too.
 * @param folder of the certificate files
 * @throws Error that names the files that are not usable
 */
export async function createTls(folder: string, gitlabUrl: string): Promise<TlsOptions> {
  const problem = await checkCertificateFiles(folder, gitlabUrl);
  if (problem !== undefined) throw new Error(problem);
  const { rootCertificates } = await import("node:tls");
  const { authorities, clientCertificate, clientKey } = readAll(folder, gitlabUrl);
  const extra = [readIfThere(SYSTEM_CERTIFICATES), authorities];
  return {
    // Like Go, trusts an authority that another one issued without asking for that one, too.
    allowPartialTrustChain: true,
    ca: [...rootCertificates, ...extra.flatMap((text) => text ?? [])],
    ...(clientCertificate !== undefined && { cert: clientCertificate }),
    ...(clientKey !== undefined && { key: clientKey }),
  };
}

/**
 * Checks the certificate files of a GitLab.
 * @returns all problems, on one line; undefined if there is none
 */
export async function checkCertificateFiles(
  folder: string,
  gitlabUrl: string,
): Promise<string | undefined> {
  const names = nameCertificateFiles(gitlabUrl);
  const paths = {
    authorities: join(folder, names.authorities),
    clientCertificate: join(folder, names.clientCertificate),
    clientKey: join(folder, names.clientKey),
  };
  const files = readAll(folder, gitlabUrl);
  const problems = [
    ...(await checkCertificates(paths.authorities, files.authorities)),
    ...(await checkCertificates(paths.clientCertificate, files.clientCertificate)),
    ...(await checkKey(paths, files)),
  ];
  return problems.length === 0 ? undefined : problems.join("; ");
}

function readAll(folder: string, gitlabUrl: string): Read {
  const names = nameCertificateFiles(gitlabUrl);
  return {
    authorities: readIfThere(join(folder, names.authorities)),
    clientCertificate: readIfThere(join(folder, names.clientCertificate)),
    clientKey: readIfThere(join(folder, names.clientKey)),
  };
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** The same with its first and its last line alone. OpenSSL and Go silently skip any other. */
const WHOLE_LINES =
  /(?<![^\n])-----BEGIN CERTIFICATE-----[ \t\r]*\n[^-]*-----END CERTIFICATE-----[ \t\r]*(?![^\n])/g;

const LINES_RULE =
  "has text in the same line before -----BEGIN or after -----END: save it as UTF-8 without a byte order mark, and give each of them its own line";

async function checkCertificates(
  path: string,
  text: string | undefined,
): Promise<readonly string[]> {
  if (text === undefined) return [];
  const blocks = text.match(CERTIFICATE) ?? [];
  const rule = `${path} must have certificates in PEM (-----BEGIN CERTIFICATE-----)`;
  if (blocks.length === 0) {
    return [text.includes("PRIVATE KEY-----") ? `${rule}, not a private key` : rule];
  }
  if (blocks.length > (text.match(WHOLE_LINES) ?? []).length) return [`${path} ${LINES_RULE}`];
  const { X509Certificate } = await import("node:crypto");
  const broken = blocks.findIndex((block) => !succeeds(() => new X509Certificate(block)));
  return broken < 0 ? [] : [`${path}: its certificate ${broken + 1} is damaged`];
}

async function checkKey(
  paths: Readonly<Record<keyof Read, string>>,
  { clientCertificate, clientKey }: Read,
): Promise<readonly string[]> {
  if (clientCertificate === undefined && clientKey === undefined) return [];
  const both = `a client certificate needs ${paths.clientCertificate} and ${paths.clientKey}`;
  if (clientKey === undefined || clientCertificate === undefined) {
    const missing = clientKey === undefined ? paths.clientKey : paths.clientCertificate;
    return [`${missing} is missing: ${both}`];
  }
  const { createPrivateKey, X509Certificate } = await import("node:crypto");
  if (!succeeds(() => createPrivateKey(clientKey))) {
    return [`${paths.clientKey} must be a private key in PEM without a passphrase`];
  }
  // A damaged certificate is reported elsewhere.
  const isOther =
    succeeds(() => new X509Certificate(clientCertificate)) &&
    !new X509Certificate(clientCertificate).checkPrivateKey(createPrivateKey(clientKey));
  return isOther ? [`${paths.clientKey} is not the key of ${paths.clientCertificate}`] : [];
}

function succeeds(act: () => unknown): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}
