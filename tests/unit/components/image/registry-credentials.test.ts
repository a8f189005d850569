import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { findCredentials } from "../../../../components/image/registry-credentials";

const HOST = "r.example.com";
const TOKEN_USER = "00000000-0000-0000-0000-000000000000";
const BASIC = Buffer.from("me:pass:word").toString("base64");

let folder = "";
let warnings: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "docker-config-"));
  warnings = [];
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function find(host: string, content: object | string) {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  writeFileSync(join(folder, "config.json"), text);
  const env = { DOCKER_CONFIG: folder, PATH: `${folder}:${process.env["PATH"] ?? ""}` };
  return findCredentials(host, env, (sentence) => warnings.push(sentence));
}

/** Installs a credential helper that prints a line. */
function install(name: string, line: string, exitCode = 0): void {
  const file = join(folder, `docker-credential-${name}`);
  writeFileSync(file, `#!/bin/sh\ncat > /dev/null\nprintf '%s' '${line}'\nexit ${exitCode}\n`);
  chmodSync(file, 0o755);
}

describe("the credentials of a registry", () => {
  it.each<[string, string, object, object | undefined]>([
    [
      "`docker login`",
      HOST,
      { auths: { [HOST]: { auth: BASIC } } },
      { username: "me", password: "pass:word" },
    ],
    [
      "Docker Hub's key",
      "docker.io",
      { auths: { "https://index.docker.io/v1/": { auth: BASIC } } },
      { username: "me", password: "pass:word" },
    ],
    [
      "a user and a password",
      HOST,
      { auths: { [HOST]: { username: "me", password: "pw" } } },
      { username: "me", password: "pw" },
    ],
    [
      "an identity token",
      HOST,
      { auths: { [HOST]: { auth: "", identitytoken: "idt" } } },
      { username: TOKEN_USER, password: "idt" },
    ],
    ["another registry", HOST, { auths: { "other.example.com": { auth: BASIC } } }, undefined],
    ["an empty entry", HOST, { auths: { [HOST]: {} } }, undefined],
    ["no entry", HOST, {}, undefined],
  ])("come from %s in config.json", async (_, host, content, expected) => {
    expect(await find(host, content)).toEqual(expected);
    expect(warnings).toEqual([]);
  });

  it("come from a credential helper", async () => {
    install("ok", '{"Username":"me","Secret":"of-helper"}');
    install("token", '{"Username":"<token>","Secret":"idt"}');
    install("none", "credentials not found in native keychain", 1);
    const withHelper = (name: string) => find(HOST, { credHelpers: { [HOST]: name } });
    expect(await withHelper("ok")).toEqual({ username: "me", password: "of-helper" });
    expect(await withHelper("token")).toEqual({ username: TOKEN_USER, password: "idt" });
    expect(await withHelper("none")).toBeUndefined();
    expect(warnings).toEqual([]);
  });

  it("are missing with a warning if the helper or the file is broken", async () => {
    install("broken", "no key ring", 1);
    expect(await find(HOST, { credHelpers: { [HOST]: "broken" } })).toBeUndefined();
    expect(await find(HOST, "{")).toBeUndefined();
    expect(warnings).toEqual([
      "the login for r.example.com cannot be read: docker-credential-broken failed: no key ring",
      expect.stringContaining("is not valid JSON"),
    ]);
  });
});
