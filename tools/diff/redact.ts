import {
  envOf,
  listSecretStrings,
  SECRET_KEYS,
  settingOf,
  type SettingKey,
} from "../../contract/settings/keys";
import { isSecretText } from "../../contract/settings/setting";
import { redactForms } from "../../contract/looks-like-secret";
import { redactSecrets } from "../../contract/redact";
import { isSecretName } from "../../contract/secret-names";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Redacts secrets in a text that is about to be shown. This is the last guard, after the engine's
 * own masking.
 * @param env the values of its secret variables are redacted: plain, and encoded as base64, JSON
 * and URLs
 */
export function redact(text: string, env: Env): string {
  return redactForms(redactSecrets(text, listSecrets(env)));
}

/**
 * Redacts secrets in all strings of an object, except in names. A string that is JSON is parsed, so
 * that each of its strings is redacted separately.
 */
export function redactValues(value: unknown, env: Env): unknown {
  if (typeof value === "string") return redactText(value, env);
  if (Array.isArray(value)) return value.map((item) => redactValues(item, env));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, redactValues(item, env)]),
  );
}

function redactText(text: string, env: Env): string {
  const json = /^\s*[[{]/.test(text) ? parseJson(text) : undefined;
  if (json === undefined) return redact(text, env);
  const cleaned = redactValues(json, env);
  return JSON.stringify(cleaned) === JSON.stringify(json) ? text : JSON.stringify(cleaned);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function listSecrets(env: Env): readonly string[] {
  return (
    Object.entries(env)
      .filter(([name, value = ""]) => isSecretName(name) || isSecretSetting(name, value))
      .flatMap(([name, value = ""]) => [
        value,
        ...secretsInJson(parseJson(value)),
        ...secretsInSetting(name, value),
      ])
      .map((value) => value.trim())
      // A short value would redact ordinary words.
      .filter((value) => value.length >= 6)
      // Messages show a multi-line secret on one line.
      .flatMap((value) => [value, value.replace(/\s+/g, " ")])
  );
}

/** Whether a variable is a setting whose value is secret. */
function isSecretSetting(name: string, text: string): boolean {
  const key = findSecretKey(name);
  return key !== undefined && isSecretText(settingOf(key), text);
}

/** Lists the secrets in the variable of a setting that consists of several. */
function secretsInSetting(name: string, text: string): readonly string[] {
  const key = findSecretKey(name);
  if (key === undefined) return [];
  const parsed = settingOf(key).type.parse(text);
  return "value" in parsed ? listSecretStrings(key, parsed.value) : [];
}

function findSecretKey(name: string): SettingKey | undefined {
  return SECRET_KEYS.find((key) => envOf(key) === name);
}

/**
 * Lists the secrets in a variable with several of them, such as DOCKER_AUTH_CONFIG, whose `auth` is
 * `user:password` in base64.
 */
function secretsInJson(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, item]: [string, unknown]) => {
    if (typeof item !== "string") return secretsInJson(item);
    if (!isSecretName(name)) return [];
    const decoded = Buffer.from(item, "base64").toString("utf8");
    return name === "auth" ? [item, decoded, decoded.replace(/^[^:]*:/, "")] : [item];
  });
}
