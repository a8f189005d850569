import { isObject } from "../../contract/json";
import { detectSecret, isNamedLikeSecret } from "../../contract/looks-like-secret";

/** An option with a secret, such as `password=…` of a volume driver. */
const SECRET_OPTION = /(?:passw(?:or)?d|secret|token|credentials?)\s*[=:]\s*[^\s$]/i;

/** Names of keys in config.toml whose values are secrets. */
const SECRET_KEY = /secret|token|passw|credential|(?:access|account|private|api)[_-]?key|accessid/i;

/** Strings that are shorter are not redacted: they may occur anywhere. */
const MIN_LENGTH = 6;

/** Whether a value, or a value in it, looks like a secret. @param name the last part of its key */
export function looksSecret(name: string, value: unknown): boolean {
  if (typeof value === "string") {
    return (
      detectSecret(value) !== undefined ||
      isNamedLikeSecret(name, value) ||
      SECRET_OPTION.test(value)
    );
  }
  if (Array.isArray(value)) return value.some((one) => looksSecret(name, one));
  return isObject(value) && Object.entries(value).some(([inside, one]) => looksSecret(inside, one));
}

/** Whether a key of config.toml, or its value, looks like a secret. */
export function isSecretKey(key: string, value: unknown): boolean {
  const name = key.slice(key.lastIndexOf(".") + 1);
  return (typeof value === "string" && SECRET_KEY.test(name)) || looksSecret(name, value);
}

/** Lists the strings in a secret value, to redact them wherever they occur. */
export function listSecretStrings(value: unknown): readonly string[] {
  if (typeof value === "string") return value.length < MIN_LENGTH ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(listSecretStrings);
  return isObject(value) ? Object.values(value).flatMap(listSecretStrings) : [];
}
