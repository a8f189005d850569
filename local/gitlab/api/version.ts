/** The version that the stand-in says it is. */
export const GITLAB_VERSION = "19.4.0-ee";
