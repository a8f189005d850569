/** Formats whole seconds as the provider reads them back from Docker: `1h1m`, `1m30s`, `0s`. */
export function formatGoDuration(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return `${hours}h${minutes}m${seconds % 60}s`
    .replace(/^0h(?:0m)?/, "")
    .replace(/m0s$/, "m")
    .replace(/h0m$/, "h");
}
