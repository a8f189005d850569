/** The path of the controls, clearly outside of GitLab's own paths. */
export const CONTROL_PATH = "/-/fake-gitlab/control";
