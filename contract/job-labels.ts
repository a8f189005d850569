/** Labels that gitlab-runner gives to every container, network and volume that it creates. */
export const JOB_LABELS = {
  /** `true`. */
  managed: "com.gitlab.gitlab-runner.managed",
  /** The system ID of the runner manager that created it. */
  systemId: "com.gitlab.gitlab-runner.runner.system_id",
} as const;

/**
 * Returns the system ID of the runner manager that created an object.
 * @param labels the object's labels
 * @returns undefined if gitlab-runner did not create it
 */
export function readSystemId(
  labels: Readonly<Record<string, unknown>> | null | undefined,
): string | undefined {
  const systemId = labels?.[JOB_LABELS.systemId];
  return labels?.[JOB_LABELS.managed] === "true" && typeof systemId === "string"
    ? systemId
    : undefined;
}
