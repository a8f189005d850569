/**
 * Deploys a stack with one pool per kind of authentication and records its state and config. A test
 * previews this stack with later versions of the program. Requires a running local platform: `npx
 * tsx tests/support/record-existing-stack.ts`.
 */
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  CONFIG_FILE,
  EXISTING_FOLDER,
  EXISTING_PASSPHRASE,
  EXISTING_STACK,
  STATE_FILE,
} from "./existing-stack";
import { createPool } from "./pool-fixture";

/** Parts of a state that depend on the machine. */
const LEFT_OUT = ["sourcePosition", "stackTrace"];

async function record(): Promise<void> {
  await using pool = await createPool({
    name: EXISTING_STACK,
    env: { PULUMI_CONFIG_PASSPHRASE: EXISTING_PASSPHRASE },
    switches: { registrationAllowed: true },
    settings: {
      replicas: 1,
      concurrent: 2,
      // A pool with the shell executor would inherit these settings.
      docker: undefined,
      // Keeps the fixture independent of the machine.
      registry: { address: "127.0.0.1:5000", username: "somebody", password: "of-nobody" },
    },
  });
  const { stack, gitlab } = pool;
  const { token: accessToken } = await gitlab.createPersonalAccessToken({
    admin: true,
    scopes: ["create_runner", "manage_runner"],
  });
  stack.env["GITLAB_TOKEN"] = accessToken;
  const { token } = await gitlab.registrationToken({});
  await stack.configure({
    pools: {
      created: {
        runnerScope: "instance",
        tags: "docker,made-here",
        maximumTimeout: "2h",
        docker: {
          privileged: true,
          volumes: "/cache,/srv/cache:/srv/cache:ro",
          allowedImages: "registry.example.com/*",
        },
      },
      shell: { token, executor: "shell", tags: "shell", network: { subnet: "10.213.7.0/24" } },
    },
  });
  await stack.mustUp();
  await stack.expectNoChanges();
  const state: unknown = JSON.parse(await stack.state(), (key, value: unknown) =>
    LEFT_OUT.includes(key) ? undefined : value,
  );
  await mkdir(EXISTING_FOLDER, { recursive: true });
  await writeFile(join(EXISTING_FOLDER, STATE_FILE), `${JSON.stringify(state, undefined, 2)}\n`);
  await copyFile(join(stack.folder, CONFIG_FILE), join(EXISTING_FOLDER, CONFIG_FILE));
}

void record();
