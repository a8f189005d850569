import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "@jest/globals";
import { parse } from "yaml";

const read = (name: string) => readFileSync(resolve(__dirname, "../../..", name), "utf8");

// `pulumi config set replicas`, as README.md shows it, changes this file.
it("the stack of the demo has the number of replicas that README.md shows", () => {
  const { config } = parse(read("Pulumi.dev.yaml")) as { config: Record<string, unknown> };
  const [, shown] = /^✓ replicas +(\d+) online in GitLab/m.exec(read("README.md")) ?? [];
  expect(String(config["gitlab-runner-pool:replicas"])).toBe(shown);
});
