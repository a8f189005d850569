/** The numbers of a version. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  /** Undefined if the text has only two numbers. */
  readonly patch?: number;
}

const NUMBERS = String.raw`(\d{1,4})\.(\d{1,4})(?:\.(\d{1,6}))?`;
const WHOLE = new RegExp(`^v?${NUMBERS}`);
const AFTER_V = new RegExp(`(?:^|[-_])v${NUMBERS}`);

/** Parses a version, such as `19.4.0-ee`. @returns undefined if the text is not a version */
export function parseVersion(text: string): Version | undefined {
  return toVersion(WHOLE.exec(text));
}

/**
 * Parses gitlab-runner's version in the tag of an image, such as
 * `gitlab/gitlab-runner:alpine3.21-v19.4.0`. Inside a tag, the version has a `v`, and the version
 * of a Linux distribution does not.
 * @returns undefined if the tag contains no version
 */
export function parseRunnerVersion(image: string): Version | undefined {
  const [, tag = ""] = /:([^/:@]+)(?:@.*)?$/.exec(image) ?? [];
  return toVersion(AFTER_V.exec(tag)) ?? parseVersion(tag);
}

function toVersion(match: RegExpExecArray | null): Version | undefined {
  const [, major, minor, patch] = match ?? [];
  if (major === undefined || minor === undefined) return undefined;
  return {
    major: Number(major),
    minor: Number(minor),
    ...(patch === undefined ? {} : { patch: Number(patch) }),
  };
}

/**
 * Compares the first two numbers of two versions as `sort` does. An unknown version is equal to
 * every other one.
 */
export function compareVersions(one: Version | undefined, other: Version | undefined): number {
  if (one === undefined || other === undefined) return 0;
  return one.major - other.major || one.minor - other.minor;
}

/** Formats a version: `19.4`, or `19.4.0` if the third number is known. */
export function formatVersion({ major, minor, patch }: Version): string {
  return [major, minor, patch].filter((number) => number !== undefined).join(".");
}
