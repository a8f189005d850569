import { copyFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { PlatformFacts } from "../../dev/facts";
import { PoolStack } from "../../dev/pulumi/pool-stack";

/**
 * The folder with the state and config of a stack that an older version of the program deployed.
 */
export const EXISTING_FOLDER = resolve(__dirname, "../fixtures/existing-stack");

/** Name of that stack; its URNs and services contain it. */
export const EXISTING_STACK = "existing";

/** The passphrase of its secrets, which are useless. */
export const EXISTING_PASSPHRASE = "existing";

export const STATE_FILE = "state.json";
export const CONFIG_FILE = `Pulumi.${EXISTING_STACK}.yaml`;

const EMPTY_STATE = JSON.stringify({ version: 3, deployment: { resources: [] } });

/**
 * A stack with the state and config of the existing one, and with the program of this checkout.
 * Nothing of it is running, and no command reaches a Docker engine. Disposing of it drops the
 * state, so Pulumi deletes nothing.
 */
export class ExistingStack implements AsyncDisposable {
  private constructor(readonly stack: PoolStack) {}

  static async open(platform: PlatformFacts): Promise<ExistingStack> {
    const stack = await PoolStack.create({
      platform,
      config: {},
      name: EXISTING_STACK,
      env: {
        PULUMI_CONFIG_PASSPHRASE: EXISTING_PASSPHRASE,
        // The program rejects a stack whose services do not exist in the engine.
        DOCKER_HOST: "unix:///nowhere/docker.sock",
        GITLAB_TOKEN: "not asked for in a preview",
      },
    });
    const existing = new ExistingStack(stack);
    await copyFile(join(EXISTING_FOLDER, CONFIG_FILE), join(stack.folder, CONFIG_FILE));
    await existing.import(["--file", join(EXISTING_FOLDER, STATE_FILE)]);
    return existing;
  }

  private async import(flags: readonly string[], state?: string): Promise<void> {
    const { exitCode, output } = await this.stack.pulumi(["stack", "import", ...flags], state);
    if (exitCode !== 0) throw new Error(`pulumi stack import exited ${exitCode}:\n${output}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.import([], EMPTY_STATE);
    await this.stack[Symbol.asyncDispose]();
  }
}
