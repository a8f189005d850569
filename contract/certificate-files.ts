/**
 * Names of the certificate files of one GitLab, in /etc/gitlab-runner/certs. All are PEM, and none
 * has to exist.
 */
export interface CertificateFiles {
  /** The certificates of the authorities that issued the certificate of GitLab's server. */
  readonly authorities: string;
  /** The client certificate. */
  readonly clientCertificate: string;
  /** The key of the client certificate. */
  readonly clientKey: string;
}

/**
 * Names the certificate files of a GitLab, as gitlab-runner does: `HOST.crt`, `HOST.auth.crt` and
 * `HOST.auth.key`. HOST has neither a port nor the brackets of an IPv6 address, so the file of
 * `https://[fd00::1]:8443` is `fd00::1.crt`. gitlab-runner itself would cut off such an address at
 * its first colon; a replica names its files in config.toml.
 */
export function nameCertificateFiles(gitlabUrl: string): CertificateFiles {
  const host = new URL(gitlabUrl).hostname.replace(/^\[|\]$/g, "");
  return {
    authorities: `${host}.crt`,
    clientCertificate: `${host}.auth.crt`,
    clientKey: `${host}.auth.key`,
  };
}
