import { SETTING_KEYS, settingOf, type SettingKey } from "../../contract/settings/keys";

/** Keys of config.toml whose flag of `gitlab-runner register` has another name, or none. */
const OTHER_FLAGS: Readonly<Record<string, string>> = {
  concurrent: "",
  check_interval: "",
  labels: "",
  listen_address: "",
  log_level: "",
  log_format: "",
  sentry_dsn: "",
  "runners.environment": "--env",
  "runners.custom_build_dir.enabled": "--custom_build_dir-enabled",
  "runners.experimental.boot_verify.enabled": "",
  "runners.docker.services": "",
  "runners.docker.services_privileged": "--docker-services_privileged",
  "runners.docker.allowed_users": "--docker-allowed_users",
  "runners.docker.userns_mode": "--docker-userns",
  "runners.docker.service_gpus": "--docker-service_gpus",
  "runners.cache.MaxUploadedArchiveSize": "--cache-max_uploaded_archive_size",
  "runners.cache.s3.AuthenticationType": "--cache-s3-authentication_type",
};

/** Flags of `gitlab-runner register` for settings that are not keys of config.toml. */
const FLAGS: Partial<Readonly<Record<SettingKey, string>>> = {
  token: "--token",
  caCertificate: "--tls-ca-file",
  clientCertificate: "--tls-cert-file",
  clientKey: "--tls-key-file",
  runnerName: "--name",
  tags: "--tag-list",
  runUntagged: "--run-untagged",
  locked: "--locked",
  protected: "--access-level",
  maximumTimeout: "--maximum-timeout",
};

/** Keys of config.toml that the project writes, and the settings from which it does. */
const WRITTEN_KEYS: Partial<Readonly<Record<SettingKey, string>>> = {
  token: "runners.token",
  caCertificate: "runners.tls-ca-file",
  clientCertificate: "runners.tls-cert-file",
  clientKey: "runners.tls-key-file",
  runnerName: "runners.name",
};

/** Flags of `gitlab-runner register` that only together with others are a setting. */
const MORE_FLAGS: Partial<Readonly<Record<SettingKey, string>>> = {
  token: "--registration-token",
  concurrent: "--limit",
  "docker.host": "--docker-tlsverify",
  "docker.hostCa": "--docker-cert-path",
  "docker.hostCert": "--docker-cert-path",
  "docker.hostKey": "--docker-cert-path",
  "cache.gcs.credentials": "--cache-gcs-credentials-file",
  "cache.s3.serverAddress": "--cache-s3-insecure",
};

/** Values of GitLab's Helm chart that have their own names. The others are in `runners.config`. */
const HELM: Partial<Readonly<Record<SettingKey, string>>> = {
  gitlabUrl: "gitlabUrl",
  token: "runnerToken",
  caCertificate: "certsSecretName",
  clientCertificate: "certsSecretName",
  clientKey: "certsSecretName",
  runnerName: "runners.name",
  tags: "runners.tags",
  runUntagged: "runners.runUntagged",
  locked: "runners.locked",
  protected: "runners.protected",
  maximumTimeout: "runners.maximumTimeout",
  replicas: "replicas",
  concurrent: "concurrent",
  checkInterval: "checkInterval",
  logLevel: "logLevel",
  logFormat: "logFormat",
  sentryDsn: "sentryDsn",
  drainTimeout: "terminationGracePeriodSeconds",
};

/** Lists the flags of `gitlab-runner register` for a setting. */
export function registerFlags(key: SettingKey): readonly string[] {
  return [registerFlag(key), MORE_FLAGS[key] ?? ""].filter((flag) => flag !== "");
}

/** Returns the flag with the name of the setting; empty if there is none. */
function registerFlag(key: SettingKey): string {
  const { toml } = settingOf(key);
  if (toml === undefined) return FLAGS[key] ?? "";
  if (Object.hasOwn(OTHER_FLAGS, toml)) return OTHER_FLAGS[toml] ?? "";
  const parts = toml.replace(/^runners\./, "").split(".");
  return `--${parts.map(dashed).join("-")}`;
}

/** Converts `memory_swap` and `BucketName` to lowercase words with hyphens. */
function dashed(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1-$2")
    .replaceAll("_", "-")
    .toLowerCase();
}

/** A Markdown table of the settings that have another name elsewhere. */
export function migrationTable(): string {
  const rows = SETTING_KEYS.flatMap((key) => {
    const { toml } = settingOf(key);
    const helm = HELM[key];
    const flags = registerFlags(key);
    if (toml === undefined && helm === undefined && flags.length === 0) return [];
    return [[[toml ?? WRITTEN_KEYS[key] ?? ""], flags, [helm ?? ""], [key]]];
  });
  const head = ["config.toml", "`gitlab-runner register`", "Helm chart", "setting"];
  return [head, head.map(() => "---"), ...rows.map((cells) => cells.map(formatNames))]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function formatNames(names: readonly string[]): string {
  return names
    .filter((name) => name !== "")
    .map((name) => `\`${name}\``)
    .join(", ");
}
