import type { RegistryAddress } from "../settings/registry-address";

/** Last part of the image's name in its registry. */
const NAME = "gitlab-runner-pool";

/** Name of the image, with its tag: `REGISTRY/gitlab-runner-pool:BASEVERSION-HASH`. */
export function imageName(registry: RegistryAddress, baseImage: string, hash: string): string {
  const repository = [registry.host, registry.path, NAME].filter((part) => part !== "").join("/");
  return `${repository}:${versionOf(baseImage)}-${hash}`;
}

/** The tag of an image reference; `latest` where it has none. */
function versionOf(reference: string): string {
  const [name = ""] = reference.split("@");
  const tag = /:([^:/]+)$/.exec(name)?.[1] ?? "latest";
  return tag.slice(0, 100);
}
