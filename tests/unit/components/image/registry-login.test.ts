import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createDockerProvider } from "../../../../stack/docker-provider";
import { findLogin } from "../../../../components/image/registry-login";
import { stackSettings } from "../../../support/doctor-settings";
import { declare, inputsOf } from "../../../support/mocks";

const SECRET = "secret-of-the-helper";
const BASIC = Buffer.from("me:pw").toString("base64");

let folder = "";
let warnings: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "docker-config-"));
  warnings = [];
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const env = () => ({ DOCKER_CONFIG: folder, PATH: `${folder}:${process.env["PATH"] ?? ""}` });
const config = (content: object | string) => {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  writeFileSync(join(folder, "config.json"), text);
};
const login = (host: string) => findLogin(host, env(), (sentence) => warnings.push(sentence));

/** Installs a fake helper that has one login and records what it was asked for. */
function helper(name: string, server: string, username = "me"): void {
  const file = join(folder, `docker-credential-${name}`);
  const script = [
    "#!/bin/sh",
    `read -r server || true; printf '%s' "$1 $server" > "${folder}/asked"`,
    `if [ "$server" != "${server}" ]; then echo "credentials not found in native keychain"; exit 1; fi`,
    `echo '{"ServerURL":"x","Username":"${username}","Secret":"${SECRET}"}'`,
  ];
  writeFileSync(file, script.join("\n"));
  chmodSync(file, 0o755);
}

describe("the login of a registry", () => {
  it.each<[string, string, object]>([
    ["docker login", "r.example.com", { auths: { "r.example.com": { auth: BASIC } } }],
    [
      "a URL",
      "r.example.com:5000",
      { auths: { "https://r.example.com:5000/v2/": { auth: BASIC } } },
    ],
    [
      "Docker Hub's key",
      "docker.io",
      { auths: { "https://index.docker.io/v1/": { auth: BASIC } } },
    ],
    [
      "Docker Hub's other names",
      "docker.io",
      { auths: { "registry-1.docker.io": { auth: BASIC } } },
    ],
  ])("is found in config.json by %s", async (_what, host, content) => {
    config(content);
    expect(await login(host)).toEqual({ kind: "found" });
    expect(await login("other.example.com")).toEqual({ kind: "none" });
    expect(warnings).toEqual([]);
  });

  it.each<[string, object]>([
    ["the credential store", { credsStore: "test" }],
    [
      "the credential store, despite the empty entry of `docker login`",
      { auths: { "r.example.com": {} }, credsStore: "test" },
    ],
    [
      "the registry's own helper",
      { credHelpers: { "r.example.com": "test" }, credsStore: "not-there" },
    ],
  ])("is read from %s", async (_what, content) => {
    config(content);
    helper("test", "r.example.com");
    expect(await login("r.example.com")).toEqual({ kind: "found" });
    expect(readFileSync(join(folder, "asked"), "utf8")).toBe("get r.example.com");
  });

  it("for Docker Hub is read with Docker's key for it, and passed to the provider, which cannot find it", async () => {
    config({ credsStore: "test" });
    helper("test", "https://index.docker.io/v1/");
    expect(await login("docker.io")).toEqual({
      kind: "explicit",
      username: "me",
      password: SECRET,
    });
  });

  it("may be a token instead of a user and password", async () => {
    config({ credsStore: "test" });
    helper("test", "r.example.com", "<token>");
    const expected = { kind: "explicit", username: "00000000-0000-0000-0000-000000000000" };
    expect(await login("r.example.com")).toEqual({ ...expected, password: SECRET });
    config({
      auths: {
        "r.example.com": { auth: Buffer.from("u:").toString("base64"), identitytoken: "t" },
      },
    });
    expect(await login("r.example.com")).toEqual({
      kind: "explicit",
      username: "u",
      password: "t",
    });
  });

  it("does not exist if the helper has none or the entry is empty", async () => {
    config({ credsStore: "test" });
    helper("test", "another.example.com");
    expect(await login("r.example.com")).toEqual({ kind: "none" });
    config({ auths: { "r.example.com": {} } });
    expect(await login("r.example.com")).toEqual({ kind: "none" });
    rmSync(join(folder, "config.json"));
    expect(await login("r.example.com")).toEqual({ kind: "none" });
    expect(warnings).toEqual([]);
  });

  it("is skipped with a warning if the helper is missing or fails, as in `docker push`", async () => {
    config({ credsStore: "not-there" });
    expect(await login("r.example.com")).toEqual({ kind: "none" });
    expect(warnings).toEqual([
      "Cannot read the login for r.example.com: docker-credential-not-there failed: spawn docker-credential-not-there ENOENT.",
    ]);
  });

  it.each([
    [
      "\ufeff{}",
      "starts with a byte order mark, which docker rejects: save it as UTF-8 without a byte order mark.",
    ],
    ["{", "is not valid JSON: its logins and context are ignored."],
  ])(
    "is skipped with a warning that names config.json if the file is %j",
    async (content, reason) => {
      config(content);
      expect(await login("r.example.com")).toEqual({ kind: "none" });
      expect(warnings).toEqual([`${join(folder, "config.json")} ${reason}`]);
    },
  );
});

describe("the docker provider", () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  const registryAuth = async (host: string) => {
    Object.assign(process.env, env(), { DOCKER_HOST: "unix:///var/run/docker.sock" });
    const { registry: settings } = stackSettings({});
    const registry = { ...settings, host, username: undefined, password: undefined };
    const declared = await declare(() => createDockerProvider("docker", registry), {
      preview: true,
    });
    return inputsOf(declared, "pulumi:providers:docker::docker")["registryAuth"];
  };

  it("does not contain a login that it finds itself, so a new short-lived token is not a change", async () => {
    config({ credsStore: "test" });
    helper("test", "r.example.com");
    expect(await registryAuth("r.example.com")).toBe('[{"address":"r.example.com"}]');
    expect(existsSync(join(folder, "asked"))).toBe(true);
    expect(await registryAuth("other.example.com")).toBe(
      '[{"address":"other.example.com","authDisabled":true}]',
    );
  });

  it("receives the helper's login for Docker Hub as a secret", async () => {
    config({ credsStore: "test" });
    helper("test", "https://index.docker.io/v1/");
    const auth = await registryAuth("docker.io");
    expect(JSON.stringify(auth)).toContain("4dabf18193072939515e22adb298388d");
    expect(JSON.stringify(auth)).toContain(SECRET);
  });
});
