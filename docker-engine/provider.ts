import { normalizeHost, parseAddress, type EngineLocation, type EngineTls } from "./address";
import { readContextHost } from "./context";

type Env = Readonly<Record<string, string | undefined>>;

/** The arguments of Pulumi's docker provider that select its engine. */
export interface ProviderSettings {
  readonly host?: string | undefined;
  readonly context?: string | undefined;
  readonly certPath?: string | undefined;
  readonly caMaterial?: string | undefined;
  readonly certMaterial?: string | undefined;
  readonly keyMaterial?: string | undefined;
  readonly sshOpts?: string[] | undefined;
}

/**
 * Finds the engine of a docker provider. Each argument defaults to an environment variable, so a
 * context in the environment takes precedence over the provider's `host`. The context of
 * `docker context use` and DOCKER_CONFIG are ignored.
 * @throws Error if the address is invalid
 */
export function findProviderEngine(settings: ProviderSettings, env: Env): EngineLocation {
  const context = settings.context ?? env["DOCKER_CONTEXT"] ?? "";
  const host = normalizeHost(
    context === ""
      ? (settings.host ?? env["DOCKER_HOST"] ?? "")
      : readContextHost({ name: context, by: describeSource(settings) }, { HOME: env["HOME"] }),
  );
  const address = parseAddress(host, {
    tls: readTls(settings, env),
    certPath: settings.certPath ?? env["DOCKER_CERT_PATH"],
    sshOptions: settings.sshOpts ?? (env["DOCKER_SSH_OPTS"] ?? "").split(/\s+/).filter(Boolean),
  });
  return { host, address };
}

function describeSource({
  context,
}: ProviderSettings): "DOCKER_CONTEXT" | "`context` of the provider" {
  return context === undefined ? "DOCKER_CONTEXT" : "`context` of the provider";
}

function readTls(settings: ProviderSettings, env: Env): EngineTls | undefined {
  const cert = settings.certMaterial ?? env["DOCKER_CERT_MATERIAL"] ?? "";
  const key = settings.keyMaterial ?? env["DOCKER_KEY_MATERIAL"] ?? "";
  if (cert === "" || key === "") return undefined;
  const ca = settings.caMaterial ?? env["DOCKER_CA_MATERIAL"] ?? "";
  return { ca: ca === "" ? undefined : ca, cert, key };
}
