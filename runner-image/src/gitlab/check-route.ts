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
  const { proxy, problem } = readProxy(url, env);
  const usesTls = [url, proxy].some((one) => one?.protocol === "https:");
  const problems = [
    problem,
    usesTls ? await checkCertificateFiles(certificates, gitlabUrl) : undefined,
  ];
  const found = problems.filter((text) => text !== undefined);
  return found.length === 0 ? undefined : found.join("; ");
}

function readProxy(
  url: URL,
  env: NodeJS.ProcessEnv,
): { readonly proxy?: URL | undefined; readonly problem?: string } {
  try {
    const proxy = findProxy(url, env);
    if (proxy !== undefined) checkProxy(proxy);
    return { proxy };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}
