/** Converts the key of a setting to kebab case: `cache.s3.secretKey` to `cache-s3-secret-key`. */
export function toKebabCase(key: string): string {
  return key.replaceAll(".", "-").replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
