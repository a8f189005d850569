import { describe, expect, it } from "@jest/globals";
import { warnInDemoShell } from "../../../stack/demo-shell";
import { renderEnvFile } from "../../../dev/env-file";

/** The environment that the demo's file gives to a shell, as far as it says so plainly. */
function demoShell(): NodeJS.ProcessEnv {
  const text = renderEnvFile({ PULUMI_BACKEND_URL: "file:///demo" }, "/tools", "/token");
  return Object.fromEntries(
    [...text.matchAll(/^export (\w+)=(\S+)$/gm)].map(([, name = "", value]) => [name, value]),
  );
}

describe("in the demo's shell", () => {
  it("another stack than the demo's is warned of", () => {
    expect(warnInDemoShell("production", demoShell())).toMatch(
      /^the stack production is deployed from the demo's shell: .* Use a fresh shell/,
    );
  });

  it("the demo's own stack goes without saying", () => {
    expect(warnInDemoShell("dev", demoShell())).toBeUndefined();
  });
});

it("a fresh shell goes without saying", () => {
  expect(warnInDemoShell("production", { PULUMI_BACKEND_URL: "file:///mine" })).toBeUndefined();
});
