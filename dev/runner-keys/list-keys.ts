import { join } from "node:path";
import type { Commands } from "../commands";

/** The committed list, relative to the checkout. */
export const KEYS_FILE = "contract/runner-config/keys.json";

/**
 * Gets every key of config.toml from the pinned gitlab-runner.
 * @param project the checkout
 * @returns the list's text: a JSON object that maps a key's path to its Go type
 * @throws Error if Go is missing, or the modules cannot be downloaded
 */
export async function listKeys(commands: Commands, project: string): Promise<string> {
  const list = await commands.read("go", ["run", "-trimpath", "../runner-keys/main.go"], {
    // The module whose pins the toolchain builds gitlab-runner from.
    cwd: join(project, "dev/toolchain/runner"),
    env: { CGO_ENABLED: "0", GOWORK: "off" },
  });
  return `${list}\n`;
}
