import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { CONFIG, settingsOf } from "./read";

describe("a secret setting that is not encrypted in the stack config", () => {
  const pools = '{"big":{"token":"glrt-another-token-of-a-runner"},"small":{}}';
  const secretEnvironment = '{"OPEN":"a long secret"}';
  const config = { ...CONFIG, secretEnvironment, pools };
  const warningsWith = (secretKeys: readonly string[] | undefined, env = {}) =>
    settingsOf({ config, env, ...(secretKeys === undefined ? {} : { secretKeys }) }).warnings;
  const describeOne = (path: string, command: string) =>
    `\`${path}\` is a secret, but the stack config contains it in readable form: encrypt it with \`pulumi config set ${command} …\`.`;

  it("is reported once, with the command that encrypts it", () => {
    expect(warningsWith([])).toEqual([
      describeOne("token", "--secret token"),
      describeOne("secretEnvironment", "--secret --path secretEnvironment.NAME"),
      describeOne("pools.big.token", "--secret --path pools.big.token"),
    ]);
  });

  it("is not reported if it is encrypted, from the environment, or nothing is known", () => {
    expect(warningsWith(["token", "secretEnvironment", "pools"])).toEqual([]);
    const env = { RUNNER_CI_TOKEN: CONFIG.token };
    expect(warningsWith(["secretEnvironment", "pools"], env)).toEqual([]);
    expect(warningsWith(undefined)).toEqual([]);
  });

  it("is not reported if it is the name of a file", () => {
    const folder = mkdtempSync(join(tmpdir(), "logins-"));
    const [file, login] = [join(folder, "config.json"), { username: "ci", password: "secret" }];
    writeFileSync(file, JSON.stringify({ "registry.example.com": login }));
    const read = (jobRegistries: string) =>
      settingsOf({ config: { ...CONFIG, jobRegistries }, secretKeys: ["token"] }).warnings;
    expect(read(`@${file}`)).toEqual([]);
    expect(read(JSON.stringify({ "registry.example.com": login }))).toEqual([
      describeOne("jobRegistries", "--secret jobRegistries"),
    ]);
    rmSync(folder, { recursive: true });
  });
});
