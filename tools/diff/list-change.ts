import type { Change } from "./changes";
import type { DisplayValue } from "./properties";

/**
 * Compares two lists that are comma-separated or JSON. Returns the plain values if one of them
 * cannot be parsed.
 */
export function listChange(setting: string, from: DisplayValue, to: DisplayValue): Change {
  const [before, after] = [parseItems(from), parseItems(to)];
  if (before === undefined || after === undefined) return { kind: "value", setting, from, to };
  const added = after.filter((item) => !before.includes(item));
  const removed = before.filter((item) => !after.includes(item));
  if (added.length === 0 && removed.length === 0) return { kind: "value", setting, from, to };
  return { kind: "list", setting, added, removed };
}

function parseItems(shown: DisplayValue): readonly string[] | undefined {
  if (shown.kind === "absent") return [];
  if (shown.kind !== "value") return undefined;
  if (shown.text.startsWith("[")) return JSON.parse(shown.text) as string[];
  return shown.text.split(",").filter((item) => item !== "");
}
