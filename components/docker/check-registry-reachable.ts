import type { RegistryAddress } from "../settings/registry-address";

/** Longest wait for the registry (ms). */
const TIMEOUT = 10_000;

/**
 * Makes sure that a registry answers; any answer will do, a refusal too.
 * @throws Error that names the registry if it does not
 */
export async function checkRegistryReachable({ host, plainHttp }: RegistryAddress): Promise<void> {
  const url = `${plainHttp ? "http" : "https"}://${apiHost(host)}/v2/`;
  try {
    await fetch(url, { signal: AbortSignal.timeout(TIMEOUT), redirect: "manual" });
  } catch (error) {
    const { cause } = error as { readonly cause?: unknown };
    const reason = cause instanceof Error ? cause.message : String(error);
    throw new Error(
      `the registry ${host} cannot be reached (${url}: ${reason}): check \`registry.address\``,
      { cause: error },
    );
  }
}

/** Docker Hub's API has another name than its images. */
function apiHost(host: string): string {
  return host === "docker.io" ? "registry-1.docker.io" : host;
}
