import { imageReference } from "../../docker-syntax";
import { registryUser } from "../../values";
import { BASE_IMAGE, NODE_IMAGE } from "../../versions";
import { registryAddress } from "../types/registry-address";
import { registryPassword } from "../types/registry-password";
import type { Setting } from "../setting";

/** The runner image, and the registry that stores it. */
export const IMAGE_ROWS = {
  "registry.address": {
    topic: "Image and registry",
    type: registryAddress,
    env: "REGISTRY_ADDRESS",
    scope: "stack",
    required: true,
    description:
      "Registry for the runner image: `HOST[:PORT][/PATH]`. Add `http://` in front if the registry does not use TLS. Required.",
  },
  "registry.username": {
    topic: "Image and registry",
    type: registryUser,
    env: "REGISTRY_USERNAME",
    scope: "stack",
    description: "User for the registry. Default: the login saved by `docker login`.",
  },
  "registry.password": {
    topic: "Image and registry",
    type: registryPassword,
    env: "REGISTRY_PASSWORD",
    scope: "stack",
    secret: true,
    description: "Password of `registry.username`.",
  },
  baseImage: {
    topic: "Image and registry",
    type: imageReference,
    scope: "stack",
    default: BASE_IMAGE,
    description: "Image that contains gitlab-runner. The runner image is built on it.",
  },
  nodeImage: {
    topic: "Image and registry",
    type: imageReference,
    scope: "stack",
    default: NODE_IMAGE,
    description:
      "Image that provides the Node.js binary for the runner image. It must be based on glibc.",
  },
} as const satisfies Record<string, Setting>;
