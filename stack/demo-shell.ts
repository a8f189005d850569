import * as pulumi from "@pulumi/pulumi";

/** A variable that the demo sets in its shell. */
const DEMO_SHELL = "GITLAB_RUNNER_POOL_DEMO_SHELL";

const DEMO_STACK = "dev";

/**
 * Warns if a stack other than the demo's is deployed from the demo's shell. Its secrets would be
 * encrypted with a public passphrase, and its state would be stored in the demo's folder.
 * @returns the warning; undefined if there is no reason for one
 */
export function warnInDemoShell(
  stack: string = pulumi.getStack(),
  env: NodeJS.ProcessEnv = process.env,
): string | undefined {
  if (env[DEMO_SHELL] === undefined || stack === DEMO_STACK) return undefined;
  return `the stack ${stack} is deployed from the demo's shell: its state is stored in the demo's backend, its secrets are encrypted with the demo's public passphrase, and GITLAB_TOKEN belongs to the demo. Use a fresh shell for your own stacks`;
}
