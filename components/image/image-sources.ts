import {
  DOCKER_HUB,
  isDockerHub,
  type RegistryAddress,
} from "../../contract/settings/types/registry-address";

/** Selects the images that are in a registry. @param images by role */
export function selectSources(
  { host }: RegistryAddress,
  images: Readonly<Record<string, string>>,
): readonly (readonly [role: string, image: string])[] {
  const found = Object.entries(images).filter(([, image]) => parseRegistryHost(image) === host);
  // Pull an image with two roles only once.
  return found.filter(([, image], at) => found.findIndex(([, other]) => other === image) === at);
}

/**
 * Reads the registry's host from the name of an image. Docker treats a first part without a dot or
 * port as a Docker Hub user.
 */
export function parseRegistryHost(image: string): string {
  const [first = "", ...rest] = image.split("/");
  const host = rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : DOCKER_HUB;
  return isDockerHub(host) ? DOCKER_HUB : host;
}
