import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import execa from "execa";

const RUNTIME = resolve(__dirname, "../../../../dev/engine/runc-held-capabilities.sh");

/** Prints capabilities as setpriv of util-linux does. */
const SETPRIV = `#!/bin/sh
echo "uid: 0"
echo "Capability bounding set: chown,sys_admin,checkpoint_restore"
`;

const RUNC = `#!/bin/sh
echo "runc $*"
exit 3
`;

describe("the runtime runc-held-capabilities", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "runtime-"));
    writeFileSync(join(folder, "setpriv"), SETPRIV, { mode: 0o755 });
    writeFileSync(join(folder, "runc"), RUNC, { mode: 0o755 });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const start = (...args: readonly string[]) =>
    execa(RUNTIME, args, {
      env: { PATH: `${folder}:${process.env["PATH"] ?? ""}` },
      reject: false,
    });

  it.each([
    ["create", "config.json", (path: string) => ["--bundle", path]],
    ["exec", "process.json", (path: string) => ["--process", join(path, "process.json")]],
  ])(
    "removes capabilities that the machine lacks, and runs `runc %s`",
    async (command, name, option) => {
      const sets = {
        bounding: ["CAP_SYS_RESOURCE", "CAP_CHOWN", "CAP_SYS_ADMIN", "CAP_SYS"],
        effective: ["CAP_CHOWN", "CAP_SYS_RESOURCE"],
        permitted: ["CAP_SYS_RESOURCE"],
        ambient: [],
      };
      const file = join(folder, name);
      writeFileSync(file, JSON.stringify({ args: ["echo", "CAP"], capabilities: sets }));

      const { stdout, exitCode } = await start("--root", "/r", command, ...option(folder), "id");

      expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({
        args: ["echo", "CAP"],
        capabilities: {
          bounding: ["CAP_CHOWN", "CAP_SYS_ADMIN"],
          effective: ["CAP_CHOWN"],
          permitted: [],
          ambient: [],
        },
      });
      expect(stdout).toBe(`runc --root /r ${command} ${option(folder).join(" ")} id`);
      expect(exitCode).toBe(3);
    },
  );

  it("only runs runc for other commands", async () => {
    expect((await start("delete", "id")).stdout).toBe("runc delete id");
  });
});
