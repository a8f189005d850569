/** The first two numbers of a version. */
export interface Version {
  readonly major: number;
  readonly minor: number;
}

/**
 * Finds a version in a text, such as `19.4.0` or the tag `alpine3.21-v19.4.0`. A number after `v`
 * wins.
 * @returns undefined if the text has no version
 */
export function parseVersion(text: string): Version | undefined {
  const [, major, minor] =
    /(?:^|[-_])v(\d{1,4})\.(\d{1,4})/.exec(text) ??
    /(?:^|[^\d.])(\d{1,4})\.(\d{1,4})/.exec(text) ??
    [];
  return major === undefined ? undefined : { major: Number(major), minor: Number(minor) };
}

/** Compares two versions as `sort` does. An unknown version is equal to every other one. */
export function compareVersions(one: Version | undefined, other: Version | undefined): number {
  if (one === undefined || other === undefined) return 0;
  return one.major - other.major || one.minor - other.minor;
}
