import { chmodSync } from "node:fs";
import { join } from "node:path";
import { parseEngineHost } from "../../../contract/settings/types/engine-host";
import { writePrivate } from "../system/files";
import type { ReplicaSettings } from "../settings/settings";

/**
 * Writes the certificates and the key for an engine with TLS to the folder where gitlab-runner
 * expects them. It is in the run folder, so in a pool the key is only in memory.
 */
export function writeEngineCertificates(folder: string, settings: ReplicaSettings): void {
  if (settings.executor !== "docker") return;
  const { host, hostCa, hostCert, hostKey } = settings.docker;
  if (host === undefined || parseEngineHost(host).kind !== "tcp") return;
  const files = { "ca.pem": hostCa, "cert.pem": hostCert, "key.pem": hostKey };
  for (const [name, text] of Object.entries(files)) writePrivate(join(folder, name), text ?? "");
  // An earlier umask must not open the folder.
  chmodSync(folder, 0o700);
}
