import { envOf } from "../../../contract/settings/keys";
import type { ProxyError } from "../../../http/proxy-error";

/**
 * Says that a proxy could not be used, and what to do. It names the variable of the setting and the
 * container's own variable, because either may have chosen the proxy.
 * @param isUntrusted the proxy uses TLS with a certificate that this replica does not trust
 * @param authorities the file for further certificate authorities
 */
export function explainProxy(
  error: ProxyError,
  baseUrl: string,
  { isUntrusted, authorities }: { readonly isUntrusted: boolean; readonly authorities: string },
): string {
  const remedy = isUntrusted ? adviseOnTrust(baseUrl, authorities) : advise(error, baseUrl);
  return remedy === undefined ? error.message : `${error.message} (${remedy})`;
}

/** What to do if a proxy rejects its login. */
export function adviseOnLogin(baseUrl: string): string {
  return `correct the user and the password in ${nameVariables(baseUrl)}`;
}

/** What to do if a proxy refuses to reach GitLab. */
export function adviseOnRefusal(baseUrl: string): string {
  return `check that the proxy allows and reaches ${new URL(baseUrl).host}`;
}

function advise({ fault }: ProxyError, baseUrl: string): string | undefined {
  switch (fault) {
    case "login":
      return adviseOnLogin(baseUrl);
    case "refused":
      return adviseOnRefusal(baseUrl);
    case "away":
      return `check the proxy, and its address in ${nameVariables(baseUrl)}`;
    case "unsupported":
      return `it is in ${nameVariables(baseUrl)}`;
  }
}

/** gitlab-runner also verifies a proxy with its own authorities for GitLab. */
function adviseOnTrust(baseUrl: string, authorities: string): string {
  return baseUrl.startsWith("https:")
    ? `add the certificate authorities of the proxy to \`caCertificate\` or to ${authorities}`
    : `put the certificate authorities of the proxy into ${authorities}`;
}

function nameVariables(baseUrl: string): string {
  return baseUrl.startsWith("https:")
    ? `${envOf("proxy.https")} or HTTPS_PROXY`
    : `${envOf("proxy.http")} or HTTP_PROXY`;
}
