import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { readFacts } from "../../dev/facts";
import { LoginGate } from "../support/login-gate";
import { createPool } from "../support/pool-fixture";
import { listEncodings } from "../../contract/redact";

const TOKENS = ["token-of-this-hour", "token-of-the-next-hour"];
const PASSWORD = "password-of-the-settings";

/** A docker config folder whose credential store is a fake helper with one token. */
async function dockerFolder() {
  const folder = await mkdtemp(join(tmpdir(), "docker-config-"));
  await writeFile(join(folder, "config.json"), JSON.stringify({ credsStore: "e2e" }));
  await mkdir(join(folder, "none"));
  const helper = join(folder, "docker-credential-e2e");
  return {
    folder,
    /** A config folder without any login. */
    none: join(folder, "none"),
    async issue(user: string, token: string) {
      const answer = JSON.stringify({ ServerURL: "", Username: user, Secret: token });
      await writeFile(helper, `#!/bin/sh\ncat > /dev/null\nprintf '%s' '${answer}'\n`);
      await chmod(helper, 0o755);
    },
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true });
    },
  };
}

describe("a registry that requires a login", () => {
  it("accepts the changing login of a helper, and the base image is pulled with the login in the settings", async () => {
    const { registry, images } = await readFacts();
    const [first = "", next = ""] = TOKENS;
    const users = new Map([
      ["helper-1", first],
      ["helper-2", next],
      ["settings", PASSWORD],
    ]);
    await using gate = await LoginGate.open(registry, users);
    await using docker = await dockerFolder();
    await docker.issue("helper-1", first);
    await using pool = await createPool({
      settings: {
        executor: "shell",
        docker: undefined,
        replicas: 0,
        registry: { address: `${gate.address}/e2e-login` },
      },
      env: {
        DOCKER_CONFIG: docker.folder,
        PATH: `${docker.folder}:${process.env["PATH"] ?? ""}`,
      },
    });
    const { stack } = pool;
    stack.env["PATH"] = `${docker.folder}:${stack.commandEnv["PATH"] ?? ""}`;

    await stack.mustUp();
    expect([...gate.users]).toEqual(["helper-1"]);
    const state = await stack.state();
    expect(TOKENS.flatMap(listEncodings).filter((form) => state.includes(form))).toEqual([]);

    await docker.issue("helper-2", next);
    await stack.expectNoChanges();

    // The base image is in the same registry, and this machine has no login at all.
    const repo = `${gate.address}/e2e-login/base`;
    const base = `${repo}:1`;
    await pool.docker.getImage(images.base).tag({ repo, tag: "1" });
    const authconfig = { username: "settings", password: PASSWORD, serveraddress: gate.address };
    const pushing = await pool.docker.getImage(base).push({ authconfig });
    await new Promise((resolve, reject) => {
      pool.docker.modem.followProgress(pushing, (error) => {
        if (error === null) resolve(undefined);
        else reject(error);
      });
    });
    await pool.docker.getImage(base).remove();
    stack.env = {
      ...stack.env,
      DOCKER_CONFIG: docker.none,
      REGISTRY_USERNAME: "settings",
      REGISTRY_PASSWORD: PASSWORD,
    };
    await stack.configure({ baseImage: base });
    await stack.mustUp();
    expect([...gate.users].sort()).toEqual(["helper-1", "settings"]);
    await stack.expectNoChangesAfterRefresh();
    await pool.docker.getImage(base).remove({ force: true });
  });
});
