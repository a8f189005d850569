import type { RegistryAddress } from "../../contract/settings/types/registry-address";

/** The last part of the image's name in its registry. */
const NAME = "gitlab-runner-pool";

/** Builds the image's name within its registry: `PATH/gitlab-runner-pool`. */
export function buildRepository({ path }: RegistryAddress): string {
  return path === "" ? NAME : `${path}/${NAME}`;
}

/** Builds the image's name and tag: `REGISTRY/gitlab-runner-pool:BASEVERSION-HASH`. */
export function buildImageName(registry: RegistryAddress, baseImage: string, hash: string): string {
  return `${registry.host}/${buildRepository(registry)}:${parseTag(baseImage)}-${hash}`;
}

/** Reads the tag of an image reference; `latest` if it has none. */
function parseTag(reference: string): string {
  const [name = ""] = reference.split("@");
  const tag = /:([^:/]+)$/.exec(name)?.[1] ?? "latest";
  return tag.slice(0, 100);
}
