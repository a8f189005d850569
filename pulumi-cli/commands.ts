/** Runs without questions and without a preview. */
const AT_ONCE = ["--yes", "--skip-preview"];

type Args = readonly string[];

/** The `pulumi` commands that this repository uses. Options such as `--stack` are appended. */
export const PULUMI = {
  up: (...flags: Args): Args => ["up", ...AT_ONCE, ...flags],
  refresh: (...flags: Args): Args => ["refresh", ...AT_ONCE, ...flags],
  destroy: (...flags: Args): Args => ["destroy", ...AT_ONCE, ...flags],
  /** @param flags `--show-sames` also lists unchanged resources */
  preview: (...flags: Args): Args => ["preview", "--json", ...flags],
  outputs: (): Args => ["stack", "output", "--json"],
  /** Prints the stack config with plain secrets, and the defaults of Pulumi.yaml. */
  config: (...flags: Args): Args => ["config", "--show-secrets", "--json", ...flags],
  stackName: (): Args => ["stack", "--show-name"],
  version: (): Args => ["version"],
  /** @param flags `--show-secrets` decrypts the secrets in the state */
  exportState: (...flags: Args): Args => ["stack", "export", ...flags],
  history: (): Args => ["stack", "history", "--json", "--page-size", "1"],
  select: (stack: string): Args => ["stack", "select", "--create", stack],
  remove: (stack: string, ...flags: Args): Args => ["stack", "rm", "--yes", ...flags, stack],
};
