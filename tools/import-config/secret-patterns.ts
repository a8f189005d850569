import { detectSecret } from "../../contract/looks-like-secret";
import { REFERENCE, SECRET_END, SECRET_WORD } from "../../contract/secret-names";
import { SECRET_COMMANDS, VALUE } from "./secret-commands";

/**
 * References in a script. A word in lowercase is one only if a space, a quote or a separator
 * follows it: `$horse$battery` is a password. In single quotes, a shell replaces no reference.
 */
const REFERENCES = new RegExp(
  [
    REFERENCE,
    // `${NAME:?…}` and `${NAME%…}` contain no value, unlike `${NAME:-…}`.
    String.raw`\$\{[A-Za-z_]\w{0,100}(?::?\?|[#%/^,])[^}\n]{0,200}\}`,
    String.raw`\$\{[A-Za-z_]\w{0,100}:?[-=+](?=[}$])`,
    String.raw`(?<!')\$(?:[a-z_]+|[0-9@*#])(?=$|[\s"` + "`" + String.raw`)|,:@/\\]|;(?:\s|$))`,
    String.raw`\$\(`,
  ].join("|"),
  "g",
);

/** What `markReferences` writes for a dollar sign that is a character. */
const DOLLAR = "S";

/**
 * Texts that contain a secret, in which a dollar sign is a reference. No pattern takes long on a
 * long text.
 */
const SECRET_TEXTS: readonly RegExp[] = [
  // `PASSWORD=…`, `"token":"…"`, `secret_key: …`, but not `secrets:1.0` and `/secrets:/mnt`
  new RegExp(
    String.raw`(?:${SECRET_WORD}(?![\w-]{0,40}[_-](?:file|path|dir)\b)[\w-]{0,40}|(?:\b|_)${SECRET_END})(?:\\?["']?\s{0,9}=\s{0,9}|\\?["']\s{0,9}:\s{0,9}|:\s{1,9})${VALUE}`,
    "i",
  ),
  /(?:TOKEN|PASSWORD|PASSWD|SECRET|KEY):[^\s"'$/]/,
  // `X-Api-Key:…` and `password:…`, but not the image `my-token:1.2`
  new RegExp(
    String.raw`(?:^|[\s"'=,{])(?:[\w-]{0,40}[_-])?(?:token|passw(?:or)?d|(?:api|access)[_-]?key):(?!\/|v?\d+\.|\*|latest|stable)${VALUE}`,
    "i",
  ),
  // `DBPASS=…`, but not `OLDPWD=…`
  new RegExp(String.raw`\b\w{1,40}(?<!by|com|tres|sur|old)(?:pass|pwd)=${VALUE}`, "i"),
  // `--password …`, `-token …`, but not `--password-stdin`
  new RegExp(
    String.raw`(?:^|\s)--?(?:[\w-]{0,40}[_-])?(?:${SECRET_WORD}|${SECRET_END})(?:[_-]\w{1,40})?(?<!stdin|file|path|dir)\s{1,9}(?!-)${VALUE}`,
    "i",
  ),
  new RegExp(String.raw`<[\w.:-]{0,40}(?:${SECRET_WORD}|${SECRET_END})>\s{0,9}[^<\s$]`, "i"),
  // With and without a scheme, such as `Bearer`
  new RegExp(
    String.raw`\bauthorization\\?["']?\s{0,9}[:=]\s{0,9}["']?(?:[a-z][\w-]{0,20}\s{1,9}${VALUE}|(?![a-z][\w-]{0,20}\s{1,9}\S|(?:true|false|none)\b)${VALUE})`,
    "i",
  ),
  /hooks\.slack\.com\/services\/\w/i,
  /\bsig=[\w%+/]{6,}/,
  // `host:port:database:user:password`
  new RegExp(
    String.raw`(?:^|[\s"'])[\w.*-]{1,100}:(?:\d{4,5}|\*):[\w*-]{1,63}:[\w*.-]{1,63}:${VALUE}`,
  ),
  new RegExp(String.raw`:${VALUE}[^\s@]{0,200}@(?:tcp|unix)\(`),
  // A user without a password is usually a token. A password may contain dollar signs.
  /https?:\/\/(?!\$)[^\s/:@"']+@/i,
  // A password may contain slashes, unlike a port.
  /[a-z]:\/\/[^\s/:@"']{0,200}:(?!\$@|(?:\$|\d{1,5})(?:\/|$))(?:[^\s@"']|'(?=\w)){1,200}@/i,
  ...SECRET_COMMANDS,
];

/** A word of random characters, as tokens and keys are. */
const RANDOM_WORD =
  /(?:^|[\s"'=:,])(?<!sha256:)(?:(?=[\w+/=-]{0,200}\d)(?=[\w+/=-]{0,200}[a-z])(?=[\w+/=-]{0,200}[A-Z])[\w+-][\w+/=-]{19,}|[0-9a-f]{32,})(?=$|[\s"',])/;

/** Whether a text contains a secret in a recognizable form. */
export function containsSecret(text: string): boolean {
  const marked = markReferences(text);
  return detectSecret(text) !== undefined || SECRET_TEXTS.some((pattern) => pattern.test(marked));
}

/** Replaces each reference by a dollar sign, and other dollar signs by a letter. */
function markReferences(text: string): string {
  const mark = "\0";
  return text
    .replaceAll("$$", DOLLAR)
    .replace(REFERENCES, mark)
    .replaceAll("$", DOLLAR)
    .replaceAll(mark, "$");
}

/** Whether a text contains a long word of random characters. It may also be a checksum. */
export function hasRandomWord(text: string): boolean {
  return RANDOM_WORD.test(text);
}
