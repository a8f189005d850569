import { join } from "node:path";
import { nameCertificateFiles } from "../../../contract/certificate-files";
import { exists } from "../system/files";

/**
 * Finds the certificate files for a GitLab, such as `HOST.crt`, by gitlab-runner's keys.
 * gitlab-runner itself finds them only as root; as another user it looks in that user's home.
 */
export function findCertificates(
  folder: string,
  gitlabUrl: string,
): Readonly<Record<string, string>> {
  const { authorities, clientCertificate, clientKey } = nameCertificateFiles(gitlabUrl);
  const files = {
    "tls-ca-file": authorities,
    "tls-cert-file": clientCertificate,
    "tls-key-file": clientKey,
  };
  const found = Object.entries(files)
    .map(([key, name]) => [key, join(folder, name)] as const)
    .filter(([, file]) => exists(file));
  return Object.fromEntries(found);
}
