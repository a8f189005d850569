/** The first two numbers of a version. */
export interface Version {
  readonly major: number;
  readonly minor: number;
}

/** Finds a version in a text, such as `v19.4.0` or `alpine-v19.4.0`; undefined if it has none. */
export function parseVersion(text: string): Version | undefined {
  const [, major, minor] = /(?:^|[^\d.])(\d{1,4})\.(\d{1,4})(?=\.|[^\d]|$)/.exec(` ${text}`) ?? [];
  return major === undefined ? undefined : { major: Number(major), minor: Number(minor) };
}

/** Compares two versions as `sort` does. An unknown version is equal to every other one. */
export function compareVersions(one: Version | undefined, other: Version | undefined): number {
  if (one === undefined || other === undefined) return 0;
  return one.major - other.major || one.minor - other.minor;
}
