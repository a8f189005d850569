import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import { Agent, ProxyAgent, type Dispatcher } from "undici";
import { findProxy, type Env } from "./proxy";

type Settings = ReadonlyMap<string, string>;

/**
 * Creates the connection to GitLab: through the environment's proxy, with the CA certificates of
 * the system, of SSL_CERT_FILE and of the provider's settings.
 */
export function connectionTo(url: string, settings: Settings, env: Env): Dispatcher {
  const tls = tlsOptions(settings, env);
  const proxy = findProxy(new URL(url), env);
  return proxy === undefined
    ? new Agent({ connect: tls })
    : new ProxyAgent({ uri: proxy, requestTls: tls });
}

interface TlsOptions {
  readonly ca?: string[];
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized?: boolean;
}

function tlsOptions(settings: Settings, env: Env): TlsOptions {
  const authorities = [env["SSL_CERT_FILE"], settings.get("cacertFile")].flatMap(read);
  const [cert] = read(settings.get("clientCert"));
  const [key] = read(settings.get("clientKey"));
  return {
    ...(authorities.length > 0 && { ca: [...rootCertificates, ...authorities] }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(settings.get("insecure") === "true" && { rejectUnauthorized: false }),
  };
}

function read(file: string | undefined): readonly string[] {
  return file === undefined || file === "" ? [] : [readFileSync(file, "utf8")];
}
