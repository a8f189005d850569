/** The first two numbers of a version of gitlab-runner. */
export interface RunnerVersion {
  readonly major: number;
  readonly minor: number;
}

/**
 * Parses the version in the tag of an image, such as `gitlab/gitlab-runner:alpine-v19.4.0`.
 * @returns undefined if the tag contains no version
 */
export function parseRunnerVersion(image: string): RunnerVersion | undefined {
  const [, tag = ""] = /:([^/:@]+)(?:@.*)?$/.exec(image) ?? [];
  // The version of Alpine in a tag has no `v`.
  const [, major, minor] =
    /(?:^|-)v(\d{1,3})\.(\d{1,3})/.exec(tag) ?? /^(\d{1,3})\.(\d{1,3})/.exec(tag) ?? [];
  return major === undefined || minor === undefined
    ? undefined
    : { major: Number(major), minor: Number(minor) };
}
