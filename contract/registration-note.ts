const TEXT = "made by gitlab-runner-pool, system ID ";

const NOTE = new RegExp(`^${TEXT}(r_[0-9a-zA-Z]{12})(?:, service ID ([0-9a-z]{25}))?$`);

/**
 * Formats the maintenance note of a runner that a replica registers with a legacy registration
 * token. GitLab shows it to everyone who can edit the runner. `npm run reap` uses it to find the
 * runners that a pool did not delete.
 * @param pool `NAME/ID` of the pool's service. Services in different swarms may have the same name,
 * but never the same ID.
 */
export function formatRegistrationNote(systemId: string, pool = ""): string {
  const [, serviceId] = /^[^/]+\/([0-9a-z]{25})$/.exec(pool) ?? [];
  return `${TEXT}${systemId}${serviceId === undefined ? "" : `, service ID ${serviceId}`}`;
}

/** Returns the system ID in a maintenance note; undefined if a replica did not write the note. */
export function parseRegistrationNote(note: string): string | undefined {
  return NOTE.exec(note.trim())?.[1];
}

/**
 * Returns the service ID in a maintenance note. Undefined if a previous version wrote the note, or
 * a replica that does not belong to a service.
 */
export function parseRegistrationServiceId(note: string): string | undefined {
  return NOTE.exec(note.trim())?.[2];
}
