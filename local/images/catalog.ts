import type { Versions } from "../toolchain/versions";

export const IMAGE_KINDS = ["base", "node", "helper", "job"] as const;

/** What an image is for; also its target in the Dockerfile beside this file. */
export type ImageKind = (typeof IMAGE_KINDS)[number];

export interface PlatformImage {
  readonly kind: ImageKind;
  /** Its name in the engine, whichever way it came there. */
  readonly name: string;
  /** The image that it stands for, pulled where its registry can be reached. */
  readonly official: string;
  /** Where that registry is. */
  readonly registryUrl: string;
}

const DOCKER_HUB = "https://registry-1.docker.io/v2/";
const GITLAB = "https://registry.gitlab.com/v2/";

/** Docker's and GitLab's name of the machine type in the helper image's tag. */
const HELPER_ARCH: Readonly<Partial<Record<NodeJS.Architecture, string>>> = {
  x64: "x86_64",
  arm64: "arm64",
};

/** Images of the local platform. */
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
