import { DOCKER_HUB, type RegistryAddress } from "../../contract/settings/types/registry-address";

/** Returns the URL of a registry's API. Docker Hub's API has another host name than its images. */
export function getApiUrl({ host, plainHttp }: RegistryAddress): URL {
  const apiHost = host === DOCKER_HUB ? "registry-1.docker.io" : host;
  return new URL(`${plainHttp ? "http" : "https"}://${apiHost}/v2/`);
}
