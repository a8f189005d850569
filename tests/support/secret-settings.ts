import { randomBytes } from "node:crypto";
import type { KeyOf, KeyWith } from "../../contract/settings/keys";

/** Stack config, and the secrets in it. */
export interface SecretSettings {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secrets: readonly string[];
}

/**
 * The secret settings that a pool can set besides its token. Jobs get `secretEnvironment` in their
 * environment, and `docker.hostKey` would need an engine that listens on TCP.
 */
type SecretKey = Exclude<
  Extract<KeyOf<"replica">, KeyWith<"secret">>,
  "token" | "secretEnvironment" | "docker.hostKey"
>;

const random = (): string => randomBytes(24).toString("hex");

/** Builds a value of a setting that contains a secret. The compiler names a missing setting. */
const VALUES: Readonly<Record<SecretKey, (secret: string) => string>> = {
  sentryDsn: (secret) => `https://${secret}@sentry.example.com/1`,
  "cache.s3.accessKey": (secret) => secret,
  "cache.s3.secretKey": (secret) => secret,
  "cache.s3.sessionToken": (secret) => secret,
  "cache.gcs.credentials": (secret) =>
    JSON.stringify({
      type: "service_account",
      client_email: "ci@example.iam.gserviceaccount.com",
      private_key: `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----\n`,
    }),
  "cache.azure.accountKey": (secret) => secret,
};

/** Settings that the secrets of each kind of cache need. */
const CACHES = {
  s3: { "cache.s3.bucketName": "runner-cache" },
  gcs: { "cache.gcs.bucketName": "runner-cache" },
  azure: { "cache.azure.accountName": "example", "cache.azure.containerName": "runner-cache" },
} as const;

/** All secret settings except the token, with new secrets, and one kind of cache. */
export function makeSecretSettings(type: keyof typeof CACHES): SecretSettings {
  const keys = (Object.keys(VALUES) as readonly SecretKey[]).filter(
    (key) => !key.startsWith("cache.") || key.startsWith(`cache.${type}.`),
  );
  const entries = keys.map((key) => ({ key, secret: random() }));
  return {
    settings: {
      "cache.type": type,
      ...CACHES[type],
      ...Object.fromEntries(entries.map(({ key, secret }) => [key, VALUES[key](secret)])),
    },
    secrets: entries.map(({ secret }) => secret),
  };
}
