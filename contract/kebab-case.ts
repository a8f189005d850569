/** The key of a setting as a part of names: `cache.s3.secretKey` is `cache-s3-secret-key`. */
export function toKebabCase(key: string): string {
  return key.replaceAll(".", "-").replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
