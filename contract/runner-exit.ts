/** The message in which a replica reports that gitlab-runner ended without a stop signal. */
const MESSAGE = /^gitlab-runner exited unexpectedly \(code \d+\)$/;

/** Formats the message of the `warning` that gitlab-runner exited by itself. */
export function formatRunnerExit(code: number): string {
  return `gitlab-runner exited unexpectedly (code ${code})`;
}

/** Whether a replica's message says that gitlab-runner exited by itself. */
export function isRunnerExit(message: string): boolean {
  return MESSAGE.test(message);
}
