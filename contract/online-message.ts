/** What a replica reports when GitLab has accepted it. */
export interface OnlineMessage {
  readonly systemId: string;
  readonly runnerId: number;
  /** In ISO 8601; null if its token does not expire. */
  readonly tokenExpiresAt: string | null;
}

/** Formats the message of a replica's `online` line. */
export function formatOnlineMessage({ systemId, runnerId, tokenExpiresAt }: OnlineMessage): string {
  const expiry = tokenExpiresAt === null ? "" : `; its token expires at ${tokenExpiresAt}`;
  return `accepts jobs as manager ${systemId} of runner ${runnerId}${expiry}`;
}

/** Parses the message of a replica's `online` line; undefined if it is a different message. */
export function parseOnlineMessage(text: string): OnlineMessage | undefined {
  const [, systemId, runnerId, tokenExpiresAt = null] =
    /^accepts jobs as manager (\S+) of runner (\d+)(?:; its token expires at (\S+))?$/.exec(text) ??
    [];
  if (systemId === undefined || runnerId === undefined) return undefined;
  return { systemId, runnerId: Number(runnerId), tokenExpiresAt };
}
