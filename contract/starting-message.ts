/** Text of the line by which a replica says who it is. */
export function formatStartingMessage(systemId: string, gitlabUrl: string): string {
  return `system ID ${systemId}, GitLab ${gitlabUrl}`;
}

/** Reads the system ID in that text; undefined if it is another. */
export function parseStartingMessage(text: string): string | undefined {
  return /^system ID (r_[0-9a-zA-Z]{12}), GitLab \S+$/.exec(text)?.[1];
}
