import { randomBytes } from "node:crypto";
import type { KeyOf, KeyWith } from "../../contract/settings/keys";
import type { EngineCertificates } from "./engine-certificates";

/** Stack config, and the secrets in it. */
export interface SecretSettings {
  readonly settings: Readonly<Record<string, unknown>>;
  /** Secrets that only a replica may have. */
  readonly secrets: readonly string[];
  /** Secrets that jobs get in their environment. */
  readonly jobSecrets: readonly string[];
}

/** The secret settings of a pool besides its token. */
type SecretKey = Exclude<Extract<KeyOf<"replica">, KeyWith<"secret">>, "token">;

/** An engine on TCP. */
export interface TlsEngine extends Pick<EngineCertificates, "ca" | "client"> {
  readonly host: string;
}

/** A value of a setting, and a line of text that reveals it. */
interface Made {
  readonly value: string;
  readonly secret: string;
}

/** Builds a value from a new secret. */
const make = (build: (secret: string) => string) => (): Made => {
  const secret = randomBytes(24).toString("hex");
  return { value: build(secret), secret };
};

/** Builds values of all secret settings. The compiler names a missing setting. */
const VALUES: Readonly<Record<SecretKey, (engine: TlsEngine) => Made>> = {
  secretEnvironment: make((secret) => JSON.stringify({ DEPLOY_PASSWORD: secret })),
  jobRegistries: make((secret) =>
    JSON.stringify({ "registry.example.com": { username: "ci", password: secret } }),
  ),
  sentryDsn: make((secret) => `https://${secret}@sentry.example.com/1`),
  "docker.hostKey": ({ client }) => ({
    value: client.key,
    secret: client.key.split("\n")[1] ?? "",
  }),
  "cache.s3.accessKey": make((secret) => secret),
  "cache.s3.secretKey": make((secret) => secret),
  "cache.s3.sessionToken": make((secret) => secret),
  "cache.gcs.credentials": make((secret) =>
    JSON.stringify({
      type: "service_account",
      client_email: "ci@example.iam.gserviceaccount.com",
      private_key: `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----\n`,
    }),
  ),
  "cache.azure.accountKey": make((secret) => secret),
};

/** Settings that the secrets of each kind of cache need. */
const CACHES = {
  s3: { "cache.s3.bucketName": "runner-cache" },
  gcs: { "cache.gcs.bucketName": "runner-cache" },
  azure: { "cache.azure.accountName": "example", "cache.azure.containerName": "runner-cache" },
} as const;

/**
 * Makes all secret settings except the token, with new secrets and one kind of cache.
 * @param engine runs the jobs
 */
export function makeSecretSettings(type: keyof typeof CACHES, engine: TlsEngine): SecretSettings {
  const keys = (Object.keys(VALUES) as readonly SecretKey[]).filter(
    (key) => !key.startsWith("cache.") || key.startsWith(`cache.${type}.`),
  );
  const made = keys.map((key) => ({ key, ...VALUES[key](engine) }));
  const reveal = (ofJobs: boolean) =>
    made
      .filter(({ key }) => (key === "secretEnvironment") === ofJobs)
      // A swarm secret contains the value in Base64, which may hide the secret in it.
      .flatMap(({ secret, value }) => [secret, Buffer.from(value).toString("base64")]);
  return {
    settings: {
      "docker.host": engine.host,
      "docker.hostCa": engine.ca,
      "docker.hostCert": engine.client.cert,
      "cache.type": type,
      ...CACHES[type],
      ...Object.fromEntries(made.map(({ key, value }) => [key, value])),
    },
    secrets: reveal(false),
    jobSecrets: reveal(true),
  };
}
