import { isPath, detectMistake } from "./likely-mistakes";

/**
 * - `authentication`: belongs to a runner that exists in GitLab; replicas share it and GitLab tells
 *   them apart by system ID.
 * - `registration`: the legacy kind; every replica registers a runner of its own with it.
 */
export const TOKEN_KINDS = ["authentication", "registration"] as const;

export type TokenKind = (typeof TOKEN_KINDS)[number];

/**
 * Tells the kind of a token by its prefix; undefined if the prefix is not known (an administrator
 * may have set the instance to another one, or the token is of a time before prefixes).
 *
 * An instance-wide prefix may stand before `glrt-` (`acme-glrt-…`). `glrtr-` marks the
 * authentication token of a runner that was made with a registration token.
 */
export function detectTokenKind(token: string): TokenKind | undefined {
  if (/^(?:[0-9a-zA-Z_]+-)*?glrtr?-/.test(token)) return "authentication";
  if (/^(?:[0-9a-zA-Z_]+-)*?GR1348941/.test(token)) return "registration";
  return undefined;
}

/** True for a token that can stand in a header or a JSON body and is not padded, quoted or cut. */
export function hasTokenFormat(text: string): boolean {
  return /^[\x21-\x7e]{8,255}$/.test(text);
}

/** Prefixes of GitLab's other tokens, and whose they are. */
const OTHER_TOKENS = new Map([
  ["glpat", "a personal, group or project access token"],
  ["gldt", "a deploy token"],
  ["glcbt", "the token of a CI job"],
  ["glptt", "a token that triggers pipelines"],
  ["glft", "a feed token"],
  ["glagent", "a token of the agent for Kubernetes"],
]);

/**
 * Why a text cannot be a runner's token, as what it must be; undefined if it can. The text itself
 * is not in the answer.
 */
export function checkToken(text: string): string | undefined {
  const like = describeOther(text);
  if (like !== undefined) return `must be the token of a runner, and not ${like}`;
  if (!hasTokenFormat(text))
    return "must be 8 to 255 characters without blanks and quotes around it";
  return text.includes("$")
    ? "must have no $ in it, since gitlab-runner puts a variable in its place: reset the token in GitLab to get another one"
    : undefined;
}

function describeOther(text: string): string | undefined {
  if (isPath(text)) {
    return "the path of a file: give a variable of GitLab the type Variable in place of File, or pass what the file holds";
  }
  if (/^(?:[a-z_]\w*=[^=]|--?token\b|bearer\b)/i.test(text)) {
    return "one with the name of its variable or option in front";
  }
  if (/^<.*>$|^(?:glrt|GR1348941)-?(?:\.{3}|…|[xX*]+$)|^\*+$|\[masked\]/i.test(text)) {
    return "what stands in its place in a document or a log";
  }
  const prefix = /^([a-z]+)-/.exec(text)?.[1] ?? "";
  const other = OTHER_TOKENS.get(prefix);
  if (other !== undefined) return `${other} (${prefix}-…)`;
  return /^https?:/.test(text) ? "a URL" : detectMistake(text);
}
