import { describe, expect, it } from "@jest/globals";
import { warnInDemoShell } from "../../../stack/demo-shell";
import { renderEnvFile } from "../../../dev/env-file";

/** The variables that the demo's env file sets to plain values. */
function demoShell(): NodeJS.ProcessEnv {
  const text = renderEnvFile({ PULUMI_BACKEND_URL: "file:///demo" }, "/tools", "/token");
  return Object.fromEntries(
    [...text.matchAll(/^export (\w+)=(\S+)$/gm)].map(([, name = "", value]) => [name, value]),
  );
}

describe("warnInDemoShell", () => {
  it("warns about a stack other than the demo's in the demo's shell", () => {
    expect(warnInDemoShell("production", demoShell())).toMatch(
      /^the stack production is deployed from the demo's shell: .* Use a fresh shell/,
    );
  });

  it("does not warn about the demo's own stack", () => {
    expect(warnInDemoShell("dev", demoShell())).toBeUndefined();
  });

  it("does not warn in a fresh shell", () => {
    expect(warnInDemoShell("production", { PULUMI_BACKEND_URL: "file:///mine" })).toBeUndefined();
  });
});
