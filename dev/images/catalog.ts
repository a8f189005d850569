import type { Versions } from "../toolchain/versions";

export const IMAGE_KINDS = ["base", "node", "helper", "job"] as const;

/** The image's purpose, and its target in the Dockerfile beside this file. */
export type ImageKind = (typeof IMAGE_KINDS)[number];

export interface PlatformImage {
  readonly kind: ImageKind;
  /** The image's name in the engine, whether pulled or built. */
  readonly name: string;
  /** The official image, pulled if its registry can be reached. */
  readonly official: string;
  /** That registry's URL. */
  readonly registryUrl: string;
}

const DOCKER_HUB = "https://registry-1.docker.io/v2/";
const GITLAB = "https://registry.gitlab.com/v2/";

/** The machine type in the tag of GitLab's helper image. */
const HELPER_ARCH: Readonly<Partial<Record<NodeJS.Architecture, string>>> = {
  x64: "x86_64",
  arm64: "arm64",
};

/** The local platform's images. */
export function listImages(
  { gitlabRunner }: Versions,
  arch: NodeJS.Architecture,
): readonly PlatformImage[] {
  return [
    {
      kind: "base",
      name: `gitlab-runner-pool/gitlab-runner:v${gitlabRunner}`,
      official: `gitlab/gitlab-runner:v${gitlabRunner}`,
      registryUrl: DOCKER_HUB,
    },
    {
      kind: "node",
      name: "gitlab-runner-pool/node:20",
      official: "node:20-bookworm-slim",
      registryUrl: DOCKER_HUB,
    },
    {
      kind: "helper",
      name: `gitlab-runner-pool/gitlab-runner-helper:v${gitlabRunner}`,
      official: `registry.gitlab.com/gitlab-org/gitlab-runner/gitlab-runner-helper:${HELPER_ARCH[arch] ?? arch}-v${gitlabRunner}`,
      registryUrl: GITLAB,
    },
    {
      kind: "job",
      name: "gitlab-runner-pool/job:1",
      official: "busybox:1.36",
      registryUrl: DOCKER_HUB,
    },
  ];
}
