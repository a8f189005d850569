import { isPlainObject, parseJson } from "../../json";
import type { Parsed, SettingType } from "../type";
import { pem } from "./pem";

/** The part of a service account's key that gitlab-runner needs. */
interface ServiceAccountKey {
  readonly client_email: string;
  readonly private_key: string;
}

const RULE =
  "must be the JSON key of a service account, with type, client_email and private_key, as Google Cloud creates it";

const PRIVATE_KEY = pem("private key", 16 * 1024);

/** A service account's JSON key, reduced to what gitlab-runner needs. */
export const gcsCredentials: SettingType<string> = {
  label: "JSON",
  parse: (written) => {
    if (typeof written !== "string") return readKey(written);
    const text = written.trim();
    return isBase64(text) && isPlainObject(parseJson(decode(text)))
      ? { problem: "must be JSON, not Base64: decode the key first" }
      : readKey(parseJson(text));
  },
  format: (value) => value,
  toToml: (value) => parseKey(value).client_email,
  toTomlBeside: (value) => ({ PrivateKey: parseKey(value).private_key }),
  secretParts: (value) => [value, parseKey(value).private_key],
};

function readKey(key: unknown): Parsed<string> {
  if (!isPlainObject(key)) return { problem: RULE };
  const { type, client_email, private_key } = key;
  if (type !== "service_account") {
    return { problem: `${RULE}; its type must be service_account` };
  }
  if (typeof client_email !== "string" || !/^[^@\s]+@[^@\s]+$/.test(client_email)) {
    return { problem: `${RULE}; its client_email must be an e-mail address` };
  }
  const parsed = PRIVATE_KEY.parse(private_key);
  if ("problem" in parsed) return { problem: `${RULE}; its private_key ${parsed.problem}` };
  return { value: JSON.stringify({ type, client_email, private_key: parsed.value }) };
}

/** Parses a value that `readKey` wrote. */
function parseKey(value: string): ServiceAccountKey {
  return JSON.parse(value) as ServiceAccountKey;
}

function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/\s]+={0,2}$/.test(text);
}

function decode(text: string): string {
  try {
    return atob(text.replace(/\s/g, ""));
  } catch {
    return "";
  }
}
