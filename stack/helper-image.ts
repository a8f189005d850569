import {
  compareVersions,
  formatVersion,
  parseRunnerVersion,
  type Version,
} from "../contract/version";

/**
 * Warns of a helper image whose version differs from gitlab-runner's. Images without a version in
 * their tags are not compared.
 * @param name the helper image's setting as the user wrote it
 */
export function warnOfHelperVersion(
  name: string,
  helperImage: string | undefined,
  baseImage: string,
): readonly string[] {
  const [helper, base] = [helperImage ?? "", baseImage].map(parseRunnerVersion);
  return helper === undefined || base === undefined || isSame(helper, base)
    ? []
    : [
        `${name} (${helperImage ?? ""}) has version ${formatVersion(helper)}, but \`baseImage\` (${baseImage}) has ${formatVersion(base)}: use the same version, because gitlab-runner and its helper may not fit together otherwise.`,
      ];
}

/** Compares the third numbers only if both versions have one. */
function isSame(one: Version, other: Version): boolean {
  const [a = other.patch, b = one.patch] = [one.patch, other.patch];
  return compareVersions(one, other) === 0 && a === b;
}
