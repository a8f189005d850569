/** Words in the names of variables, keys and options whose values are secrets. */
export const SECRET_WORD =
  "(?:secret|token|passw(?:or)?d|passwort|passphrase|passcode|requirepass|credential|cookie|webhook|auth_config|(?:access|account|api|auth|deploy|license|private|signing|ssh)[_-]?key)";

/** Abbreviations at the end of such names. They are too short to be recognized inside a word. */
export const SECRET_END = "(?:pass|pwd|pw|pat|auth|jwt|dsn|encryption[_-]?key)";

/** Words that are too short to be recognized inside another word: an author is not secret. */
const WHOLE_WORD =
  "(?:^|[_-])(?:auth|creds?|jwt|pat|(?<!(?:cache|public|sort|primary|partition)[_-])key)(?=$|[_-])";

const SECRET_NAME = new RegExp(
  `${SECRET_WORD}|${WHOLE_WORD}|(?:^|[_-])${SECRET_END}(?:[_-]?\\d+)?$|(?:pass|pwd|accessid)$`,
  "i",
);

/** The value only describes a secret, as in `KEY_FILE`, `CredentialsFile` and `AUTH_URL`. */
const DESCRIPTION =
  /[_-](?:file|path|dir|sock|name|type|mode|prefix|host|(?<!webhook[_-])url)$|[a-z](?:File|Path|Dir|Name|Type)$/i;

/** Variables of a shell. */
const SHELL_NAME = /^(?:OLD)?PWD$/;

/** Values that are not secret, whatever their name. */
const PLAIN_VALUE = /^(?:|true|false|yes|no|on|off|none|\d{1,3})$/i;

/**
 * A reference to a variable, such as `$NAME` or `${NAME}`. `$word` may also be a part of a
 * password, and `${NAME:-word}` contains a value.
 */
export const REFERENCE = String.raw`\$(?:[A-Z_][A-Z0-9_]*(?!\w)|\{[A-Za-z_]\w*\})`;

/** What may be beside a reference without being a secret. */
const BESIDE_REFERENCE = /^(?:basic|bearer|token)\s|[\s"':/._-]/gi;

/** This many characters beside a reference may be a secret. */
const MIN_BESIDE_REFERENCE = 4;

/** Whether the name of a variable or key says that its value is a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !DESCRIPTION.test(name) && !SHELL_NAME.test(name);
}

/** Whether a variable or key has such a name, and a value that may be a secret. */
export function isNamedLikeSecret(name: string, value: string): boolean {
  return isSecretName(name) && !PLAIN_VALUE.test(value) && isLiteral(value);
}

/** Whether a value is more than references to variables. `$$` is a dollar sign. */
function isLiteral(value: string): boolean {
  const literal = value.replaceAll("$$", "x");
  const rest = literal.replace(new RegExp(REFERENCE, "g"), "");
  return rest === literal || rest.replace(BESIDE_REFERENCE, "").length >= MIN_BESIDE_REFERENCE;
}
