import { join } from "node:path";
import type { Commands } from "../commands";

/** The committed list, relative to the checkout. */
export const KEYS_FILE = "contract/runner-config/keys.json";

/** The committed list of feature flags, which the program and the replicas check names against. */
export const FLAGS_FILE = "contract/runner-config/feature-flags.json";

/**
 * Gets every key of config.toml from the pinned gitlab-runner.
 * @param project the checkout
 * @returns the list's text: a JSON object that maps a key's path to its Go type
 * @throws Error if Go is missing, or the modules cannot be downloaded
 */
export function listKeys(commands: Commands, project: string): Promise<string> {
  return runGo(commands, project, "main.go");
}

/**
 * Gets every feature flag of the pinned gitlab-runner.
 * @param project the checkout
 * @returns the list's text: a JSON object that maps a flag's name to its default
 * @throws Error if Go is missing, or the modules cannot be downloaded
 */
export function listFlags(commands: Commands, project: string): Promise<string> {
  return runGo(commands, project, "flags/main.go");
}

/** @param file in dev/toolchain/runner-keys */
async function runGo(commands: Commands, project: string, file: string): Promise<string> {
  const list = await commands.read("go", ["run", "-trimpath", `../runner-keys/${file}`], {
    // The module whose pins the toolchain builds gitlab-runner from.
    cwd: join(project, "dev/toolchain/runner"),
    env: { CGO_ENABLED: "0", GOWORK: "off" },
  });
  return `${list}\n`;
}
