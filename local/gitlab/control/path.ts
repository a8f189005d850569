/** Where the controls are, clearly outside of GitLab's own paths. */
export const CONTROL_PATH = "/-/stand-in/control";
