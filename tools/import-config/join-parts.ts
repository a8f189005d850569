import type { SettingKey } from "../../contract/settings/keys";
import type { FoundKey, Note, SortedKeys } from "./found-key";

/** The settings of a table, with the keys that are parts of one setting. */
export interface JoinedKeys {
  readonly settings: ReadonlyMap<SettingKey, FoundKey>;
  /** Files of the old machine whose contents are settings. */
  readonly files: ReadonlyMap<SettingKey, string>;
  /** The runner's own limit of jobs. */
  readonly limit: FoundKey | undefined;
  readonly differences: readonly Note[];
  readonly dropped: readonly Note[];
}

/** The files in the folder that `tls_cert_path` names. */
const TLS_FILES = {
  "docker.hostCa": "ca.pem",
  "docker.hostCert": "cert.pem",
  "docker.hostKey": "key.pem",
} as const;

/** The settings with the contents of the files that these keys name. */
const GITLAB_FILES: Readonly<Record<string, SettingKey>> = {
  "runners.tls-ca-file": "caCertificate",
  "runners.tls-cert-file": "clientCertificate",
  "runners.tls-key-file": "clientKey",
};

/** Joins keys of config.toml that are one setting here, and finds files that are settings. */
export function joinParts({ settings, parts, dropped }: SortedKeys): JoinedKeys {
  const joined = new Map(settings);
  const files = new Map<SettingKey, string>();
  const notes = [...dropped];
  const drop = ({ key, line }: FoundKey, why: string) => {
    notes.push({ line, text: `${key}: ${why}` });
  };
  for (const part of parts) {
    const setting = GITLAB_FILES[part.key];
    if (setting !== undefined) {
      files.set(setting, String(part.value));
      continue;
    }
    switch (part.key) {
      case "runners.limit":
        break;
      case "runners.cache.s3.Insecure":
        if (!joinInsecure(joined)) drop(part, "Without ServerAddress, it has no effect.");
        break;
      case "runners.cache.gcs.PrivateKey":
        joinGoogleKey(joined, part);
        break;
      case "runners.cache.gcs.CredentialsFile":
        // gitlab-runner ignores the other keys if it has the file.
        joined.delete("cache.gcs.credentials");
        files.set("cache.gcs.credentials", String(part.value));
        break;
      case "runners.docker.tls_cert_path":
        if (hasTcpHost(settings)) {
          for (const [key, file] of Object.entries(TLS_FILES) as [SettingKey, string][]) {
            files.set(key, `${String(part.value).replace(/\/$/, "")}/${file}`);
          }
        } else drop(part, "It is only for an engine on TCP.");
        break;
      default:
        drop(part, "It is a part of a setting, which you must set yourself.");
    }
  }
  // The order of the keys in the file does not matter.
  if (files.has("cache.gcs.credentials")) joined.delete("cache.gcs.credentials");
  const google = joined.get("cache.gcs.credentials");
  return {
    settings: joined,
    files,
    limit: parts.find(({ key }) => key === "runners.limit"),
    differences: google === undefined ? [] : [describeGoogleKey(google)],
    dropped: notes,
  };
}

/** Adds `http://` to the address of an S3 server. @returns whether there is an address */
function joinInsecure(settings: Map<SettingKey, FoundKey>): boolean {
  const address = settings.get("cache.s3.serverAddress");
  if (address === undefined || typeof address.value !== "string") return false;
  const value = `http://${address.value.replace(/^https?:\/\//i, "")}`;
  settings.set("cache.s3.serverAddress", { ...address, value });
  return true;
}

/** Builds the JSON key of a service account from its two parts. */
function joinGoogleKey(settings: Map<SettingKey, FoundKey>, part: FoundKey): void {
  const email = settings.get("cache.gcs.credentials");
  const value = JSON.stringify({
    ...{ type: "service_account", client_email: email?.value, private_key: part.value },
  });
  settings.set("cache.gcs.credentials", { ...(email ?? part), value });
}

function describeGoogleKey({ line }: FoundKey): Note {
  return {
    line,
    text: "`cache.gcs.credentials` is the JSON key of the service account, as Google Cloud creates it. AccessID is its client_email, and PrivateKey is its private_key",
  };
}

function hasTcpHost(settings: ReadonlyMap<SettingKey, FoundKey>): boolean {
  const host = settings.get("docker.host")?.value;
  return typeof host === "string" && host.startsWith("tcp://");
}
