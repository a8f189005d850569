const TEXT = "made by gitlab-runner-pool, system ID ";

const NOTE = new RegExp(`^${TEXT}(r_[0-9a-zA-Z]{12})(?:, service ID ([0-9a-z]{25}))?$`);

/**
 * The maintenance note that a replica gives to a runner that it registers with a legacy
 * registration token. GitLab shows it to whoever may edit the runner; `npm run reap` knows by it
 * what a pool left behind.
 * @param pool `NAME/ID` of the pool's service: another swarm may have a service of the same name,
 * but not of the same ID
 */
export function formatRegistrationNote(systemId: string, pool = ""): string {
  const [, serviceId] = /^[^/]+\/([0-9a-z]{25})$/.exec(pool) ?? [];
  return `${TEXT}${systemId}${serviceId === undefined ? "" : `, service ID ${serviceId}`}`;
}

/** The system ID of the replica that wrote a maintenance note; undefined if none did. */
export function parseRegistrationNote(note: string): string | undefined {
  return NOTE.exec(note.trim())?.[1];
}

/**
 * The ID of the service of that replica; undefined in notes of before, and of replicas that are not
 * a service's.
 */
export function parseRegistrationServiceId(note: string): string | undefined {
  return NOTE.exec(note.trim())?.[2];
}
