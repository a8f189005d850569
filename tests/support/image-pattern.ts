/** Escapes the characters of a text that have a meaning in a pattern of images. */
export function escapePattern(text: string): string {
  return text.replace(/[\\*?[\]{}]/g, "\\$&");
}
