import { findProxy } from "../../../contract/proxy/find-proxy";
import { checkProxy } from "../../../http/through-proxy";
import { checkCertificateFiles } from "./tls";

/**
 * Checks the proxy variables and the certificate files for a GitLab, without sending a request.
 * @param certificates folder of the certificate files
 * @returns all problems, on one line; undefined if there is none
 */
export async function checkRoute(
  gitlabUrl: string,
  certificates: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const url = new URL(gitlabUrl);
  const problems = [
    checkVariables(url, env),
    url.protocol === "https:" ? await checkCertificateFiles(certificates, gitlabUrl) : undefined,
  ];
  const found = problems.filter((problem) => problem !== undefined);
  return found.length === 0 ? undefined : found.join("; ");
}

function checkVariables(url: URL, env: NodeJS.ProcessEnv): string | undefined {
  try {
    const proxy = findProxy(url, env);
    if (proxy !== undefined) checkProxy(proxy);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
