/** What tells a runner that a replica registered by itself from runners of others. */
export interface RegisteredBy {
  /** Name of the pool's service. */
  readonly pool: string;
  readonly systemId: string;
}

const PREFIX = "Registered by gitlab-runner-pool";

/**
 * Text of the maintenance note that a replica gives to a runner that it registers with a legacy registration token. GitLab
 * shows it to whoever may edit the runner; `npm run reap` knows by it what a pool left behind.
 */
export function formatRegistrationNote({ pool, systemId }: RegisteredBy): string {
  return `${PREFIX}: ${pool.split("/")[0] ?? ""} ${systemId}`;
}

/** Reads a maintenance note; undefined if no replica wrote it. */
export function parseRegistrationNote(note: string): RegisteredBy | undefined {
  const match = new RegExp(`^${PREFIX}: (\\S+) (r_[0-9a-zA-Z]{12})$`).exec(note.trim());
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return { pool: match[1], systemId: match[2] };
}
