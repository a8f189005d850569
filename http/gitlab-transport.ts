import { readFileSync } from "node:fs";
import type { Transport } from "../gitlab-api/call";
import { AUTHORITY_VARIABLES } from "./explain";
import { createTransport, type Identity } from "./transport";

type Env = Readonly<Record<string, string | undefined>>;

/** gitlab-runner sets these variables in its jobs, and reads them when it registers a runner. */
const CA_FILE = "CI_SERVER_TLS_CA_FILE";
const CERTIFICATE_FILE = "CI_SERVER_TLS_CERT_FILE";
const KEY_FILE = "CI_SERVER_TLS_KEY_FILE";

/** The certificates of a pool for its GitLab, in PEM. */
export interface GitlabCertificates {
  readonly caCertificate?: string | undefined;
  readonly clientCertificate?: string | undefined;
  readonly clientKey?: string | undefined;
}

/**
 * Creates the transport from this machine to one GitLab. In addition to what every request of this
 * machine uses, it uses the certificates of the pool, or those in the files that
 * CI_SERVER_TLS_CA_FILE, CI_SERVER_TLS_CERT_FILE and CI_SERVER_TLS_KEY_FILE name.
 * @param timeoutMs from the start of a request to the end of the answer
 * @throws Error that names the variable if one of these files cannot be read
 */
export function connectGitlab(
  env: Env,
  timeoutMs: number,
  { caCertificate, clientCertificate, clientKey }: GitlabCertificates = {},
): Transport {
  const authorities = [caCertificate, readFile(env, CA_FILE)].flatMap((pem) => pem ?? []);
  const identity =
    clientCertificate === undefined || clientKey === undefined
      ? readIdentity(env)
      : { certificate: clientCertificate, key: clientKey };
  return createTransport({
    ...{ env, timeoutMs, identity },
    authorities,
    remedies: {
      untrusted: `set \`caCertificate\` to its certificate authority, or ${AUTHORITY_VARIABLES} to a file with it`,
      "client certificate":
        identity === undefined
          ? `set ${CERTIFICATE_FILE} and ${KEY_FILE} to the files of a client certificate and its key`
          : "check that this GitLab accepts the certificate, and that it has not expired",
    },
  });
}

function readIdentity(env: Env): Identity | undefined {
  const [certificate, key] = [readFile(env, CERTIFICATE_FILE), readFile(env, KEY_FILE)];
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate === undefined || key === undefined) {
    const [set, missing] =
      key === undefined ? [CERTIFICATE_FILE, KEY_FILE] : [KEY_FILE, CERTIFICATE_FILE];
    throw new Error(`${set} is set, but ${missing} is not: set both or neither`);
  }
  return { certificate, key };
}

/** @returns undefined if the variable is not set */
function readFile(env: Env, name: string): string | undefined {
  const file = env[name] ?? "";
  if (file === "") return undefined;
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw new Error(`${name} names ${file}, which cannot be read (${code})`, { cause: error });
  }
}
