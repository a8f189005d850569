import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { parseSecretPaths, readSecretPaths } from "../../../stack/secret-paths";

const STACK_FILE = `
config:
  gitlab-runner-pool:token:
    secure: v1:a
  gitlab-runner-pool:docker:
    services:
      - name: postgres:17
        environment:
          POSTGRES_PASSWORD: { secure: v1:e }
  gitlab-runner-pool:pools:
    big:
      token: { secure: v1:b }
      tags: [a, b]
      environment:
        PLAIN: "1"
        PASSWORD:
          secure: v1:c
    small: {}
  other:pools:
    big:
      secure: v1:d
`;

describe("the paths of secrets", () => {
  it("are those of the encrypted values in the stack's file", () => {
    expect(parseSecretPaths(STACK_FILE, "gitlab-runner-pool")).toEqual([
      "token",
      "docker.services.0.environment.POSTGRES_PASSWORD",
      "pools.big.token",
      "pools.big.environment.PASSWORD",
    ]);
    const whole = "config:\n  gitlab-runner-pool:pools:\n    secure: v1:a\n";
    expect(parseSecretPaths(whole, "gitlab-runner-pool")).toEqual(["pools"]);
    expect(parseSecretPaths("", "gitlab-runner-pool")).toEqual([]);
  });

  it("are read from the folder of the program, and unknown without the file", () => {
    const folder = mkdtempSync(join(tmpdir(), "stack-file-"));
    const place = { folder, project: "gitlab-runner-pool", stack: "dev" };
    try {
      expect(readSecretPaths(place)).toEqual([]);
      writeFileSync(join(folder, "Pulumi.dev.yaml"), STACK_FILE);
      expect(readSecretPaths(place)).toHaveLength(4);
      writeFileSync(join(folder, "Pulumi.dev.yaml"), "config: [");
      expect(readSecretPaths(place)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
