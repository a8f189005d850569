import { join } from "node:path";
import { exists } from "../system/files";

/** gitlab-runner's keys, and the suffixes of their files. */
const FILES = {
  "tls-ca-file": ".crt",
  "tls-cert-file": ".auth.crt",
  "tls-key-file": ".auth.key",
};

/**
 * Finds the certificate files for a GitLab, such as `HOST.crt`, by gitlab-runner's keys.
 * gitlab-runner itself finds them only as root; as another user it looks in that user's home.
 */
export function findCertificates(
  folder: string,
  gitlabUrl: string,
): Readonly<Record<string, string>> {
  const { hostname } = new URL(gitlabUrl);
  const found = Object.entries(FILES)
    .map(([key, end]) => [key, join(folder, `${hostname}${end}`)] as const)
    .filter(([, file]) => exists(file));
  return Object.fromEntries(found);
}
