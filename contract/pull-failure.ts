/** Swarm's error if a node does not have an image and cannot pull it. */
const PULL_FAILURE = /\bNo such image: \S+/;

/** Whether a task failed because its node could not pull the image. */
export function isPullFailure(error: string): boolean {
  return PULL_FAILURE.test(error);
}

/**
 * Adds to Swarm's error which node could not pull the image, and where to find the reason: Swarm
 * does not pass on the answer of the registry. Leaves other errors as they are.
 * @param node its name; empty if it is unknown
 */
export function explainPullFailure(error: string, node: string): string {
  if (!isPullFailure(error)) return error;
  const where = node === "" ? "its node" : `node ${node}`;
  return `${error}; ${where} cannot pull it, and the log of its Docker engine has the answer of the registry (\`journalctl -u docker\`)`;
}
