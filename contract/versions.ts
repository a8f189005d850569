import versions from "./versions.json";

/** GitLab's image with the version of gitlab-runner that this project is tested with. */
export const BASE_IMAGE = `gitlab/gitlab-runner:v${versions.gitlabRunner}`;

/** The official image with the version of Node that runs the entrypoint of a replica. */
export const NODE_IMAGE = `node:${versions.node}-bookworm-slim`;
