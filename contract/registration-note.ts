const TEXT = "made by gitlab-runner-pool, system ID ";

/**
 * The maintenance note that a replica gives to a runner that it registers with a legacy registration token. GitLab shows it
 * to whoever may edit the runner; `npm run reap` knows by it what a pool left behind.
 */
export function formatRegistrationNote(systemId: string): string {
  return `${TEXT}${systemId}`;
}

/** The system ID of the replica that wrote a maintenance note; undefined if none did. */
export function parseRegistrationNote(note: string): string | undefined {
  const text = note.trim();
  const systemId = text.startsWith(TEXT) ? text.slice(TEXT.length) : "";
  return /^r_[0-9a-zA-Z]{12}$/.test(systemId) ? systemId : undefined;
}
