/** The version in an image's tag, such as `v19.4.0` or `x86_64-v19.4.0`. */
const VERSION = /:[^@/]*?v?(\d+\.\d+\.\d+)[^@/]*(?:@|$)/;

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
  const [helper, base] = [helperImage ?? "", baseImage].map((image) => VERSION.exec(image)?.[1]);
  return helper === undefined || base === undefined || helper === base
    ? []
    : [
        `${name} (${helperImage ?? ""}) has version ${helper}, but \`baseImage\` (${baseImage}) has ${base}: use the same version, because gitlab-runner and its helper may not fit together otherwise.`,
      ];
}
