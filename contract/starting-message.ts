/** Formats the message of a replica's `starting` line. */
export function formatStartingMessage(systemId: string, gitlabUrl: string): string {
  return `system ID ${systemId}, GitLab ${gitlabUrl}`;
}

/** Returns the system ID in a replica's `starting` line; undefined if it is a different message. */
export function parseStartingMessage(text: string): string | undefined {
  return /^system ID (r_[0-9a-zA-Z]{12}), GitLab \S+$/.exec(text)?.[1];
}
