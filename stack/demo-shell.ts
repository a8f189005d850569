import * as pulumi from "@pulumi/pulumi";

/** Set by the file with which the demo prepares a shell. */
const DEMO_SHELL = "GITLAB_RUNNER_POOL_DEMO_SHELL";

const DEMO_STACK = "dev";

/**
 * Says that another stack than the demo's is deployed from the demo's shell: its secrets would be
 * encrypted with a passphrase that everybody knows, and its state would lie in the demo's folder.
 * @returns the warning; undefined if there is nothing to warn of
 */
export function warnInDemoShell(
  stack: string = pulumi.getStack(),
  env: NodeJS.ProcessEnv = process.env,
): string | undefined {
  if (env[DEMO_SHELL] === undefined || stack === DEMO_STACK) return undefined;
  return `the stack ${stack} is deployed from the demo's shell: its state is stored in the demo's backend, its secrets are encrypted with the demo's public passphrase, and GITLAB_TOKEN belongs to the demo. Use a fresh shell for your own stacks`;
}
