type Properties = Readonly<Record<string, unknown>> | undefined;

/** The placeholder that the engine writes for a value that is unknown before the update. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The placeholder for a secret. */
const SECRET = "[secret]";

/**
 * A value that may be shown. `secret` and `unknown` replace values that must not or cannot be
 * shown.
 */
export type DisplayValue =
  | { readonly kind: "value"; readonly text: string }
  | { readonly kind: "secret" | "unknown" | "absent" };

/**
 * Reads the property at a path such as `taskSpec.containerSpec.secrets[0].secretId`, in a form that
 * may be shown.
 */
export function showProperty(properties: Properties, path: string): DisplayValue {
  return show(propertyAt(properties, path));
}

function show(value: unknown): DisplayValue {
  if (value === undefined || value === null) return { kind: "absent" };
  if (typeof value === "string") {
    if (value === SECRET) return { kind: "secret" };
    return value === UNKNOWN ? { kind: "unknown" } : { kind: "value", text: value };
  }
  const text = JSON.stringify(withoutDefaults(value));
  if (text.includes(SECRET)) return { kind: "secret" };
  return text.includes(UNKNOWN) ? { kind: "unknown" } : { kind: "value", text };
}

/** The engine lists in `__defaults` which properties the provider filled in. */
function withoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDefaults);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "__defaults")
      .map(([key, item]) => [key, withoutDefaults(item)]),
  );
}

/**
 * Lists the elements that only the first list at a path contains; absent if there are none. Their
 * order does not matter.
 */
export function showAddedElements(one: Properties, other: Properties, path: string): DisplayValue {
  const texts = new Set(elementsAt(other, path).map(formatElement));
  const own = elementsAt(one, path).filter((element) => !texts.has(formatElement(element)));
  return own.length === 0 ? { kind: "absent" } : show(own);
}

function elementsAt(properties: Properties, path: string): readonly unknown[] {
  const list = propertyAt(properties, path);
  return Array.isArray(list) ? list : [];
}

function formatElement(element: unknown): string {
  return JSON.stringify(withoutDefaults(element));
}

/** Reads the property at a path; undefined if there is none. */
export function propertyAt(properties: unknown, path: string): unknown {
  const keys = [...path.matchAll(/\["([^"]*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, plain]) => quoted ?? index ?? plain ?? "",
  );
  return keys.reduce<unknown>(
    (at, key) =>
      typeof at === "object" && at !== null ? (at as Record<string, unknown>)[key] : undefined,
    properties,
  );
}
