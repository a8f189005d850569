import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { createPool, managersSettle } from "../support/pool-fixture";
import { listTasks } from "../support/swarm";
import { listEncodings } from "../../contract/redact";

const PASSWORD = "password-of-the-registry";

describe("settings from the environment", () => {
  it("override the stack config, are listed in one line, and never appear in plain text", async () => {
    await using pool = await createPool({
      settings: { executor: "shell", docker: undefined, token: undefined, replicas: 1 },
    });
    const { stack, docker, token } = pool;
    stack.env = {
      RUNNER_CI_TOKEN: token,
      RUNNER_REPLICAS: "2",
      REGISTRY_USERNAME: "somebody",
      REGISTRY_PASSWORD: PASSWORD,
    };
    const secrets = [token, PASSWORD].flatMap(listEncodings);
    const watch = watchFolder(join(stack.folder, ".state"), secrets);
    const preview = await stack.diff();
    const { output } = await stack.mustUp("--diff");

    for (const text of [preview, output]) {
      expect(text.match(/Settings from the environment.*/g)).toEqual([
        "Settings from the environment: RUNNER_CI_TOKEN, RUNNER_REPLICAS, REGISTRY_USERNAME, REGISTRY_PASSWORD.",
      ]);
    }
    await managersSettle(pool, 2);
    expect(await listTasks(docker, stack.serviceName)).toHaveLength(2);

    const texts = [preview, output, await stack.state(), JSON.stringify(await stack.outputs())];
    expect(secrets.filter((secret) => texts.some((text) => text.includes(secret)))).toEqual([]);
    const { rounds, found } = await watch.end();
    expect(rounds).toBeGreaterThan(10);
    expect([...found]).toEqual([]);
  });
});

describe("settings that are stored as secrets", () => {
  it("are rejected if the service would show them, also in an additional pool", async () => {
    await using pool = await createPool();
    const { stack } = pool;
    // PoolStack stores values with this name as secrets.
    const variables = { environment: { password: "shown-in-the-service" } };
    const big = { ...variables, secretEnvironment: { OTHER: "kept-as-a-secret" } };
    await stack.configure({ ...variables, pools: { big, small: { environment: { A: "1" } } } });

    const { exitCode, output } = await stack.pulumi(["preview"]);

    expect(exitCode).not.toBe(0);
    expect(output.match(/`\S+` must not be a secret in the stack config/g)).toEqual([
      "`environment` must not be a secret in the stack config",
      "`pools.big.environment` must not be a secret in the stack config",
    ]);
  });
});

/** Searches all files of a folder continuously for strings that must never be there. */
function watchFolder(
  folder: string,
  texts: readonly string[],
): { end(): Promise<{ readonly rounds: number; readonly found: ReadonlySet<string> }> } {
  const found = new Set<string>();
  let rounds = 0;
  let ended = false;
  const search = async (): Promise<void> => {
    while (!ended) {
      const files = await readdir(folder, { recursive: true, withFileTypes: true });
      for (const file of files.filter((one) => one.isFile())) {
        const path = join(file.parentPath, file.name);
        // A file that disappears before it is read contains nothing.
        const content = await readFile(path, "utf8").catch(() => "");
        if (texts.some((text) => content.includes(text))) found.add(path);
      }
      rounds += 1;
    }
  };
  const searching = search();
  return {
    async end() {
      ended = true;
      await searching;
      return { rounds, found };
    },
  };
}
