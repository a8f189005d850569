/** Variables whose values must never be shown. */
const SECRET_VARIABLES = /(TOKEN|PASSWORD|PASSPHRASE|SECRET|ACCESS_KEY|CREDENTIALS)/;

/** Tokens of GitLab, by the forms that it gives them. */
const GITLAB_TOKEN =
  /(?:[0-9a-zA-Z_]+-)?(?:gl(?:rt|rtr|pat|dt|cbt|ptt|ft|imt|agent|soat|oas|ffct)-|GR1348941)[\w.=-]{6,}/g;

/** `scheme://user:password@`. */
const USER_INFO = /([a-z][a-z0-9+.-]*:\/\/)[^\s/@`]+@/gi;

const MASK = "[secret]";

/**
 * Takes secrets out of a text that is about to be shown: the last guard, behind the engine's own masks.
 * @param env the values of its variables that hold secrets are taken out, plain, in base64, JSON and URLs
 */
export function redact(text: string, env: Readonly<Record<string, string | undefined>>): string {
  // Longest first, so that no form leaves a piece of another behind that holds it.
  const known = secretsOf(env)
    .flatMap(formsOf)
    .sort((a, b) => b.length - a.length);
  const cleaned = known.reduce((rest, secret) => rest.replaceAll(secret, MASK), text);
  return cleaned.replace(GITLAB_TOKEN, MASK).replace(USER_INFO, `$1${MASK}@`);
}

function secretsOf(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return (
    Object.entries(env)
      // A file's path is no secret but leads to one.
      .filter(([name]) => SECRET_VARIABLES.test(name) && !name.endsWith("_FILE"))
      .map(([, value = ""]) => value.trim())
      // A short value would take ordinary words out.
      .filter((value) => value.length >= 6)
  );
}

function formsOf(secret: string): readonly string[] {
  const base64 = Buffer.from(secret).toString("base64");
  return [
    secret,
    base64,
    base64.replace(/=+$/, ""),
    Buffer.from(secret).toString("base64url"),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ];
}
