/** Exit codes of a replica, documented in docs/exit-codes.md; the numbers follow sysexits.h where it has one. */
export const EXIT = {
  /** Stopped on request: no job was cut off and GitLab no longer has the manager. */
  ok: 0,
  /** GitLab refused the token or the registration (EX_UNAVAILABLE). */
  refused: 69,
  /** A bug in the entrypoint, or a file that it cannot write (EX_SOFTWARE); the reason and the stack are in the log. */
  internal: 70,
  /** GitLab still shows the manager: it could not be removed before the grace time ended (EX_IOERR). */
  left: 74,
  /** The drain deadline, or another SIGTERM or SIGINT, aborted running jobs (EX_TEMPFAIL). */
  aborted: 75,
  /** Wrong settings (EX_CONFIG). */
  config: 78,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
