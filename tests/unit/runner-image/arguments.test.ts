import { describe, expect, it } from "@jest/globals";
import execa from "execa";
import { EXIT } from "../../../contract/exit-codes";
import { entrypointBundle, ENTRYPOINT_SH } from "../../support/entrypoint-bundle";

describe("arguments of the image", () => {
  it.each([
    [
      ["register", "--url", "https://gitlab.example.com"],
      "takes no arguments (register): it registers and runs without any",
    ],
    [["--version"], "takes no arguments (--version): it registers and runs without any"],
    [["--token=glrt-0123456789"], "takes no arguments: it registers and runs without any"],
  ])("are rejected at once: %j", async (given, words) => {
    const { exitCode, stdout } = await execa("sh", [ENTRYPOINT_SH, ...given], {
      env: { POOL_LIB: await entrypointBundle(), POOL_NODE: process.execPath },
      reject: false,
      timeout: 10_000,
    });
    expect(exitCode).toBe(EXIT.config);
    expect(stdout).toContain(`gitlab-runner-pool: refused: this image ${words}`);
    expect(stdout).not.toContain("glrt-");
  });
});
