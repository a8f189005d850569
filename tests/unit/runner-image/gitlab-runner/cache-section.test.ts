import { describe, expect, it } from "@jest/globals";
import { parse } from "smol-toml";
import { renderConfig } from "../../../../runner-image/src/gitlab-runner/config-toml";
import { listSecrets, readSettings } from "../../../../runner-image/src/settings/settings";

const REQUIRED = {
  RUNNER_CI_URL: "https://gitlab.example.com",
  RUNNER_CI_TOKEN: "glrt-t1_0123456789",
};
const BUCKET = { RUNNER_CACHE_TYPE: "s3", RUNNER_CACHE_S3_BUCKET_NAME: "abc" };
const KEYS = {
  RUNNER_CACHE_S3_ACCESS_KEY: "AKIAIOSFODNN7EXAMPLE",
  RUNNER_CACHE_S3_SECRET_KEY: "wJalrXUtnFEMI",
};
const PEM = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n";
const RUNNER = { id: 1, token: "glrt-t1_0123456789", obtainedAtMs: 0, expiresAt: null };

function settingsOf(env: Readonly<Record<string, string>>) {
  const { settings, problems } = readSettings({ ...REQUIRED, ...env });
  if (settings === undefined) throw new Error(problems.join("\n"));
  return settings;
}

/** Returns the section `[runners.cache]` of a replica's config.toml. */
function sectionOf(env: Readonly<Record<string, string>>): unknown {
  const { runners } = parse(renderConfig(settingsOf(env), RUNNER, 9_000));
  return (runners as readonly { readonly cache?: unknown }[])[0]?.cache;
}

describe("the section of caches in config.toml", () => {
  it("is missing without `cache.type`", () => {
    expect(sectionOf({})).toBeUndefined();
  });

  it("is shared by default, so that a new token finds the caches", () => {
    expect(sectionOf(BUCKET)).toEqual({ Type: "s3", Shared: true, s3: { BucketName: "abc" } });
    expect(sectionOf({ ...BUCKET, RUNNER_CACHE_SHARED: "false" })).toMatchObject({ Shared: false });
  });

  it("names the keys as the authentication, which gitlab-runner ignores without a server", () => {
    expect(sectionOf({ ...BUCKET, ...KEYS })).toMatchObject({
      s3: { AccessKey: KEYS.RUNNER_CACHE_S3_ACCESS_KEY, AuthenticationType: "access-key" },
    });
  });

  it("splits the address of a server and the key of a service account", () => {
    const RUNNER_CACHE_S3_SERVER_ADDRESS = "http://minio:9000";
    expect(sectionOf({ ...BUCKET, ...KEYS, RUNNER_CACHE_S3_SERVER_ADDRESS })).toMatchObject({
      s3: { ServerAddress: "minio:9000", Insecure: true },
    });
    const key = { type: "service_account", client_email: "ci@example.com", private_key: PEM };
    expect(
      sectionOf({
        RUNNER_CACHE_TYPE: "gcs",
        RUNNER_CACHE_GCS_BUCKET_NAME: "abc",
        RUNNER_CACHE_GCS_CREDENTIALS: JSON.stringify(key),
      }),
    ).toMatchObject({ gcs: { AccessID: "ci@example.com", PrivateKey: PEM } });
  });

  it("has the limit of an upload in bytes", () => {
    expect(sectionOf({ ...BUCKET, RUNNER_CACHE_MAX_UPLOADED_ARCHIVE_SIZE: "2m" })).toMatchObject({
      MaxUploadedArchiveSize: 2 * 1024 ** 2,
    });
  });
});

describe("a replica with a cache", () => {
  it("redacts the private key of a service account in its log", () => {
    const key = { type: "service_account", client_email: "ci@example.com", private_key: PEM };
    const settings = settingsOf({
      RUNNER_CACHE_TYPE: "gcs",
      RUNNER_CACHE_GCS_BUCKET_NAME: "abc",
      RUNNER_CACHE_GCS_CREDENTIALS: JSON.stringify(key),
    });
    expect(listSecrets(settings)).toContain(PEM);
  });

  it("rejects settings that the program would reject, and shows no password", () => {
    const env = { ...REQUIRED, RUNNER_CACHE_S3_SERVER_ADDRESS: "user:hunter2@minio" };
    const { problems } = readSettings(env);
    expect(problems).toEqual([expect.stringContaining("must not contain a user or a password")]);
    expect(problems.join()).not.toContain("hunter2");
    expect(readSettings({ ...REQUIRED, RUNNER_CACHE_PATH: "ci" }).problems).toEqual([
      "RUNNER_CACHE_PATH requires RUNNER_CACHE_TYPE: set it to s3, gcs, azure, or unset RUNNER_CACHE_PATH",
    ]);
  });
});
