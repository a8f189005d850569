/** The version that the fake GitLab reports. */
export const GITLAB_VERSION = "19.4.0-ee";
