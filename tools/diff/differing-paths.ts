/** Pulumi's internal properties in the inputs of a resource. */
const NOTES = ["__defaults", "__meta"];

/**
 * Lists the paths of the values that differ between two maps, in Pulumi's notation:
 * `taskSpec.networksAdvanceds[0].id`. A list of plain values counts as one value.
 */
export function differingPaths(before: unknown, after: unknown, path = ""): readonly string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (isListOfMaps(before) && isListOfMaps(after) && before.length === after.length) {
    return before.flatMap((item, i) => differingPaths(item, after[i], `${path}[${i}]`));
  }
  if (!isMap(before) || !isMap(after)) return [path];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys
    .filter((key) => !NOTES.includes(key))
    .flatMap((key) =>
      differingPaths(before[key], after[key], path === "" ? key : `${path}.${key}`),
    );
}

function isListOfMaps(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.every(isMap);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
