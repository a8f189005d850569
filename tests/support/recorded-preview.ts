/** Parts of a preview that depend on the machine and the time, not on the change. */
const LEFT_OUT = ["sourcePosition", "stackTrace", "created", "modified", "outputs", "duration"];

/** Names that differ in every run of the same change. */
export interface Names {
  readonly stack: string;
  readonly gitlabUrl: string;
  readonly registry: string;
}

/**
 * Removes from the output of `pulumi preview --json` what differs between two runs of the same
 * preview: locations in the program, times, provider outputs, and names that a test generates.
 */
export function normalizePreview(json: string, names: Names): string {
  const preview: unknown = JSON.parse(json, (key, value: unknown) =>
    LEFT_OUT.includes(key) ? undefined : value,
  );
  return `${normalizeText(JSON.stringify(preview, undefined, 2), names)}\n`;
}

/** Does the same with text that was made from a preview. */
export function normalizeText(text: string, { stack, gitlabUrl, registry }: Names): string {
  const plain = text
    .replaceAll(stack, "dev")
    .replaceAll(gitlabUrl, "https://gitlab.example.com")
    .replaceAll(registry.replace(/^https?:\/\//, ""), "registry.example.com");
  return numberHashes(plain);
}

/** Content hashes of images, in order of appearance. */
export function numberHashes(text: string): string {
  const seen = new Map<string, string>();
  return text.replace(/(:|`)(v[\d.]+)-([0-9a-f]{12})\b/g, (_, before, version, hash: string) => {
    const known = seen.get(hash) ?? String(seen.size + 1).padStart(12, "0");
    seen.set(hash, known);
    return `${String(before)}${String(version)}-${known}`;
  });
}
