/**
 * Exit codes of a replica, documented in docs/exit-codes.md. The numbers follow sysexits.h where
 * it has a suitable one.
 */
export const EXIT = {
  /** Stopped on request: no job was aborted and GitLab no longer has the manager. */
  ok: 0,
  /** GitLab rejected the token or the registration (EX_UNAVAILABLE). */
  refused: 69,
  /**
   * The entrypoint has a bug or cannot write a file (EX_SOFTWARE). The reason and the stack trace
   * are in the log.
   */
  internal: 70,
  /** GitLab still has the manager when the grace period ends (EX_IOERR). */
  notDeregistered: 74,
  /** The end of the drain timeout, or a forced stop, aborted running jobs (EX_TEMPFAIL). */
  aborted: 75,
  /** The settings are wrong (EX_CONFIG). */
  config: 78,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
