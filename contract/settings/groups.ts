import type { SettingKey } from "./keys";

/**
 * Settings that belong together. An additional pool that sets one of them does not inherit the
 * others, which may not fit its own.
 */
export const SETTING_GROUPS: readonly (readonly SettingKey[])[] = [
  ["token", "tokenKind", "runnerScope"],
  ["clientCertificate", "clientKey"],
  ["docker.host", "docker.hostCa", "docker.hostCert", "docker.hostKey"],
  ["docker.helperImage", "docker.helperImageFlavor"],
  [
    "cache.s3.accessKey",
    "cache.s3.secretKey",
    "cache.s3.sessionToken",
    "cache.s3.authenticationType",
  ],
  ["cache.s3.serverSideEncryption", "cache.s3.serverSideEncryptionKeyId"],
  ["logDriver.name", "logDriver.options"],
];
