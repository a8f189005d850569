import { readFields, isObject, readErrorMessage } from "../../../gitlab-api/error-message";

/** GitLab's messages begin with the status, such as `403 Forbidden - invalid token supplied`. */
const BEGINS_WITH_STATUS = /^(\d{3}) \S/;

/** GitLab rejects writes with such a message for a while, although it knows the token. */
const PASSING = /read-only|maintenance/i;

/**
 * Whether a rejection (4xx) is GitLab's own. A firewall, a proxy or an ingress in front of GitLab
 * uses the same statuses, with a page or with JSON in another format, and does not know about
 * runners. For a path that it does not have, GitLab answers `{"error":"404 Not Found"}`.
 */
export function isGitlabRejection(status: number, body: unknown): boolean {
  const { message, error } = readFields(body);
  const said = message ?? error;
  if (typeof said === "string" && PASSING.test(said)) return false;
  switch (status) {
    case 404:
      return typeof message === "string" && /^404 .*\S.* not found$/i.test(message);
    // GitLab validates parameters and models, and reports problems as text or field by field.
    case 400:
    case 422:
      return typeof error === "string" || typeof message === "string" || isObject(message);
    case 403:
      return typeof message === "string" && /^403 forbidden\b/i.test(message);
    default:
      return typeof said === "string" && BEGINS_WITH_STATUS.exec(said)?.[1] === String(status);
  }
}

/** Returns the message in GitLab's error response as one line of text. */
export function readMessage(body: unknown): string | undefined {
  const words = readErrorMessage(body);
  return words === undefined || typeof words === "string" ? words : JSON.stringify(words);
}
