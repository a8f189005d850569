import { readNamedFile } from "../../../components/settings/named-file";
import type { GitlabCertificates } from "../../../http/gitlab-transport";
import type { StackPool } from "../../../stack/stack-settings";
import { readText } from "../pools";

/** More than the settings allow. They were checked before. */
const MAX_BYTES = 256 * 1024;

/** Reads the certificates of a pool for its GitLab, also from files that the settings name. */
export function readCertificates(pool: StackPool): GitlabCertificates {
  return {
    caCertificate: readPem(pool, "caCertificate"),
    clientCertificate: readPem(pool, "clientCertificate"),
    clientKey: readPem(pool, "clientKey"),
  };
}

function readPem(pool: StackPool, key: keyof GitlabCertificates): string | undefined {
  const text = readText(pool, key);
  const named = readNamedFile(text, { maxBytes: MAX_BYTES });
  const content = named === undefined ? { value: text } : named.content;
  return "value" in content && content.value !== "" ? content.value : undefined;
}
