import { normalizeHost, parseAddress, type EngineAddress, type EngineLocation } from "./address";
import { findCertificates, readContextHost, isHomeFolder, selectedContext } from "./context";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Finds the engine: from DOCKER_CONTEXT, then DOCKER_HOST, then the context of
 * `docker context use`. The docker command line uses the same engine, unless both variables are
 * set: it then prefers DOCKER_HOST, but the provider prefers DOCKER_CONTEXT. TLS uses the
 * certificates in DOCKER_CERT_PATH or in the context.
 * @throws Error if the address is invalid
 */
export function findEngine(env: Env): EngineLocation {
  return { host: findEngineHost(env), address: findEngineAddress(env) };
}

/** Returns how that engine is reached. @throws Error if the address is invalid */
export function findEngineAddress(env: Env): EngineAddress {
  return parseAddress(findEngineHost(env), { certPath: findCertPath(env) });
}

/** Returns that engine's address as a URL. @throws Error if its docker context does not exist */
export function findEngineHost(env: Env): string {
  const context = selectedContext(env);
  return normalizeHost(
    context === undefined ? (env["DOCKER_HOST"] ?? "") : readContextHost(context, env),
  );
}

/** The provider's arguments that select its engine. */
export interface ProviderEngine {
  readonly host?: string;
  /** Empty to stop the provider from using a context. */
  readonly context?: string;
  readonly certPath?: string;
}

/**
 * Returns the arguments with which the provider uses the same engine. The provider reads the same
 * variables, so it usually needs no arguments. But it does not support `docker context use`, or the
 * contexts and certificates in DOCKER_CONFIG.
 * @throws Error if the address is invalid
 */
export function getProviderArgs(env: Env): ProviderEngine {
  findEngineAddress(env);
  const context = selectedContext(env);
  const host = findEngineHost(env);
  if (context === undefined) {
    const isRead =
      (env["DOCKER_CONTEXT"] ?? "") === "" && [host, ""].includes(env["DOCKER_HOST"] ?? "");
    return isRead ? {} : { host, context: "" };
  }
  const certificates = findCertificates(context, env);
  if (certificates !== undefined) return { host, context: "", certPath: certificates };
  return context.by === "DOCKER_CONTEXT" && isHomeFolder(env) ? {} : { host, context: "" };
}

/** Finds the folder with the certificates for the engine. */
function findCertPath(env: Env): string | undefined {
  const context = selectedContext(env);
  const own = context === undefined ? undefined : findCertificates(context, env);
  return own ?? env["DOCKER_CERT_PATH"];
}
