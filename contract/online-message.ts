/** What a replica says of itself when GitLab has accepted it. */
export interface OnlineMessage {
  readonly systemId: string;
  readonly runnerId: number;
  /** In ISO 8601; null if its token does not expire. */
  readonly tokenExpiresAt: string | null;
}

/** Text of the line by which a replica says that it is online. */
export function formatOnlineMessage({ systemId, runnerId, tokenExpiresAt }: OnlineMessage): string {
  const expiry = tokenExpiresAt === null ? "" : `; its token expires at ${tokenExpiresAt}`;
  return `accepts jobs as manager ${systemId} of runner ${runnerId}${expiry}`;
}

/** Reads that text; undefined if it is another. */
export function parseOnlineMessage(text: string): OnlineMessage | undefined {
  const [, systemId, runnerId, tokenExpiresAt = null] =
    /^accepts jobs as manager (\S+) of runner (\d+)(?:; its token expires at (\S+))?$/.exec(text) ??
    [];
  if (systemId === undefined || runnerId === undefined) return undefined;
  return { systemId, runnerId: Number(runnerId), tokenExpiresAt };
}
