import versions from "./versions.json";

/** GitLab's image of the gitlab-runner version that this project is tested with. */
export const BASE_IMAGE = `gitlab/gitlab-runner:v${versions.gitlabRunner}`;

/** The official image of the Node.js version that runs a replica's entrypoint. */
export const NODE_IMAGE = `node:${versions.node}-bookworm-slim`;
