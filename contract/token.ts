import { isPath, detectMistake } from "./likely-mistakes";

/**
 * - `authentication`: belongs to a runner that exists in GitLab. All replicas share the token, and
 *   GitLab distinguishes them by system ID.
 * - `registration`: the legacy kind. Each replica registers its own runner with it.
 */
export const TOKEN_KINDS = ["authentication", "registration"] as const;

export type TokenKind = (typeof TOKEN_KINDS)[number];

/**
 * Detects the kind of a token by its prefix. Undefined if the prefix is unknown: an administrator
 * can configure a different one, and tokens of old GitLab versions have none.
 *
 * An instance-wide prefix may precede `glrt-` (`acme-glrt-…`). `glrtr-` is the prefix of the
 * authentication token of a runner that was registered with a registration token.
 */
export function detectTokenKind(token: string): TokenKind | undefined {
  if (/^(?:[0-9a-zA-Z_]+-)*?glrtr?-/.test(token)) return "authentication";
  if (/^(?:[0-9a-zA-Z_]+-)*?GR1348941/.test(token)) return "registration";
  return undefined;
}

/** Whether a token has a valid length and only characters that an HTTP header can contain. */
export function hasTokenFormat(text: string): boolean {
  return /^[\x21-\x7e]{8,255}$/.test(text);
}

/** Prefixes of GitLab's other tokens, and what these tokens are. */
const OTHER_TOKENS = new Map([
  ["glpat", "a personal, group or project access token"],
  ["gldt", "a deploy token"],
  ["glcbt", "a CI/CD job token"],
  ["glptt", "a pipeline trigger token"],
  ["glft", "a feed token"],
  ["glagent", "a token of the GitLab agent for Kubernetes"],
]);

/**
 * Checks whether a string can be a runner's token.
 * @returns the rule that it violates ("must …"), without the token; undefined if it is valid
 */
export function checkToken(text: string): string | undefined {
  const like = describeOther(text);
  if (like !== undefined) return `must be a runner token, not ${like}`;
  if (!hasTokenFormat(text)) return "must be 8 to 255 ASCII characters without spaces";
  return text.includes("$")
    ? "must not contain $, which gitlab-runner expands as a variable: reset the token in GitLab to get a new one"
    : undefined;
}

/** Describes a string that is not a runner's token; undefined if it may be one. */
function describeOther(text: string): string | undefined {
  if (isPath(text)) {
    return "the path of a file: change the type of the GitLab CI/CD variable from File to Variable, or pass the content of the file";
  }
  if (/^(?:[a-z_]\w*=[^=]|--?token\b|bearer\b)/i.test(text)) {
    return "an assignment, an option or a header: pass only the token";
  }
  if (/^<.*>$|^(?:glrt|GR1348941)-?(?:\.{3}|…|[xX*]+$)|^\*+$|\[masked\]/i.test(text)) {
    return "a placeholder";
  }
  const prefix = /^([a-z]+)-/.exec(text)?.[1] ?? "";
  const other = OTHER_TOKENS.get(prefix);
  if (other !== undefined) return `${other} (${prefix}-…)`;
  return /^https?:/.test(text) ? "a URL" : detectMistake(text);
}
