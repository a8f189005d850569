import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { parse } from "smol-toml";
import { renderConfig } from "../../../runner-image/src/gitlab-runner/config-toml";
import { redact } from "../../../runner-image/src/log";
import {
  listSecrets,
  readSettings,
  type ReplicaSettings,
} from "../../../runner-image/src/settings/settings";
import { checkRoute } from "../../../runner-image/src/gitlab/check-route";
import { exportProxy, overrideProxy } from "../../../runner-image/src/start/proxy-variables";
import type { Engine } from "../../../runner-image/src/system/engine/engine";

const FOLDER = mkdtempSync(join(tmpdir(), "proxy-"));
afterAll(() => {
  rmSync(FOLDER, { recursive: true });
});

const SECRET = "http://ci:hunter2%24pa$$word@proxy.example.com:3128";

function settingsWith(env: Readonly<Record<string, string>>): ReplicaSettings {
  const required = {
    RUNNER_CI_URL: "http://gitlab.example.com",
    RUNNER_CI_TOKEN: "glrt-0123456789",
  };
  const { settings, problems } = readSettings({ ...required, ...env });
  expect(problems).toEqual([]);
  if (settings === undefined) throw new Error("there are no settings");
  return settings;
}

const RUNNER = { id: 1, token: "glrt-0123456789", obtainedAtMs: 0, expiresAt: null };

/** Returns the variables of jobs in config.toml. */
function jobVariables(env: Readonly<Record<string, string>>, existing = ""): unknown {
  const text = renderConfig(settingsWith(env), RUNNER, 9_000, parse(existing));
  const { runners } = parse(text) as { runners: { environment?: unknown }[] };
  return runners[0]?.environment;
}

/** Returns the variables that a start sets, and the file that it writes for the shell. */
function apply(
  env: Readonly<Record<string, string>>,
  engine?: Engine,
  before: Readonly<Record<string, string>> = { HTTP_PROXY: "http://old:1", NO_PROXY: "old" },
) {
  const file = join(FOLDER, `${Math.random()}`);
  const own: NodeJS.ProcessEnv = { ...before };
  const { proxy } = settingsWith(env);
  overrideProxy(own, proxy);
  exportProxy(file, own, proxy, engine);
  const found = statSync(file, { throwIfNoEntry: false });
  return {
    own,
    mode: found === undefined ? undefined : found.mode & 0o777,
    lines: found === undefined ? [] : readFileSync(file, "utf8").trimEnd().split("\n"),
  };
}

describe("the variables of the proxy", () => {
  it("are in a private file and in the process, in both spellings, unchanged", () => {
    const { own, mode, lines } = apply({
      RUNNER_PROXY_HTTPS: SECRET,
      RUNNER_PROXY_NO_PROXY: ".example.com,10.0.0.0/8",
    });
    expect(mode).toBe(0o600);
    expect(lines).toEqual([
      "HTTP_PROXY=",
      "http_proxy=",
      `HTTPS_PROXY=${SECRET}`,
      `https_proxy=${SECRET}`,
      "NO_PROXY=.example.com,10.0.0.0/8",
      "no_proxy=.example.com,10.0.0.0/8",
    ]);
    expect(own).toMatchObject({
      HTTP_PROXY: "",
      HTTPS_PROXY: SECRET,
      NO_PROXY: ".example.com,10.0.0.0/8",
    });
  });

  it("exempt an engine on TCP, which this program reaches directly too", () => {
    const engine: Engine = { kind: "tcp", host: "fd00::1", port: 2376, tls: null };
    const proxy = { RUNNER_PROXY_HTTP: "http://proxy:3128" };
    expect(apply(proxy, engine).lines.slice(4)).toEqual([
      "NO_PROXY=[fd00::1]:2376",
      "no_proxy=[fd00::1]:2376",
    ]);
    const exempt = { ...proxy, RUNNER_PROXY_NO_PROXY: "docker" };
    expect(apply(exempt, engine).own["NO_PROXY"]).toBe("docker,[fd00::1]:2376");
  });

  it("of the container are all overridden, also those that no setting sets", async () => {
    const before = {
      HTTPS_PROXY: "socks5://old:1080",
      https_proxy: "http://old:1",
      NO_PROXY: "gitlab.example.com",
    };
    const { own, lines } = apply({ RUNNER_PROXY_HTTP: "http://new:1" }, undefined, before);
    const all = {
      HTTP_PROXY: "http://new:1",
      http_proxy: "http://new:1",
      HTTPS_PROXY: "",
      https_proxy: "",
      NO_PROXY: "",
      no_proxy: "",
    };
    expect(own).toEqual(all);
    expect(lines).toEqual(Object.entries(all).map(([name, value]) => `${name}=${value}`));
    expect(await checkRoute("https://gitlab.example.com", FOLDER, own)).toBeUndefined();
  });

  it("of the container stay without a setting, and exempt an engine on TCP too", () => {
    const engine: Engine = { kind: "tcp", host: "10.0.0.9", port: 2375, tls: null };
    const { own, lines } = apply({}, engine, { https_proxy: "http://old:1", no_proxy: "docker" });
    const exempt = "docker,10.0.0.9:2375";
    expect(own).toEqual({ https_proxy: "http://old:1", NO_PROXY: exempt, no_proxy: exempt });
    expect(lines).toEqual([`NO_PROXY=${exempt}`, `no_proxy=${exempt}`]);
    expect(apply({}, engine, { no_proxy: "docker" })).toMatchObject({
      lines: [],
      own: { no_proxy: "docker" },
    });
  });

  it("do not exist without a proxy", () => {
    const without = { lines: [], own: { HTTP_PROXY: "http://old:1", NO_PROXY: "old" } };
    expect(apply({ RUNNER_PROXY_NO_PROXY: "docker" })).toMatchObject(without);
    expect(apply({})).toMatchObject(without);
  });
});

describe("the variables of jobs", () => {
  const PROXY = {
    RUNNER_PROXY_HTTP: SECRET,
    RUNNER_PROXY_HTTPS: "http://proxy:3128",
    RUNNER_PROXY_NO_PROXY: "docker",
  };
  // gitlab-runner reads `$$` as a dollar sign.
  const DOUBLED = "http://ci:hunter2%24pa$$$$word@proxy.example.com:3128";

  it("contain the proxy literally, unless it is only for the replicas", () => {
    const all = [
      `HTTP_PROXY=${DOUBLED}`,
      `http_proxy=${DOUBLED}`,
      "HTTPS_PROXY=http://proxy:3128",
      "https_proxy=http://proxy:3128",
      "NO_PROXY=docker",
      "no_proxy=docker",
    ];
    expect(jobVariables(PROXY)).toEqual(all);
    expect(jobVariables({ ...PROXY, RUNNER_EXECUTOR: "shell" })).toEqual(all);
    expect(jobVariables({ ...PROXY, RUNNER_PROXY_JOBS: "false" })).toBeUndefined();
    expect(jobVariables({})).toBeUndefined();
  });

  it("override those of the replica with empty ones for jobs that inherit them", () => {
    const shell = { ...PROXY, RUNNER_EXECUTOR: "shell", RUNNER_PROXY_JOBS: "false" };
    const empty = [
      "HTTP_PROXY=",
      "http_proxy=",
      "HTTPS_PROXY=",
      "https_proxy=",
      "NO_PROXY=",
      "no_proxy=",
    ];
    expect(jobVariables(shell)).toEqual(empty);
    const { RUNNER_EXECUTOR, RUNNER_PROXY_JOBS } = shell;
    expect(jobVariables({ RUNNER_EXECUTOR, RUNNER_PROXY_JOBS })).toBeUndefined();
  });

  it("of the user take precedence, in either spelling, and others stay", () => {
    const names = (more: Record<string, string>, existing = "") =>
      (jobVariables({ ...PROXY, ...more }, existing) as readonly string[]).map((entry) =>
        entry.replace(/(_proxy)=.*/i, "$1"),
      );
    const rest = ["HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"];
    expect(names({ RUNNER_ENVIRONMENT: '{"A":"1","http_proxy":"x"}' })).toEqual([
      "A=1",
      "http_proxy",
      ...rest,
    ]);
    const secret = { RUNNER_SECRET_ENVIRONMENT: '{"HTTP_PROXY":"http://other:3128"}' };
    expect(names(secret)).toEqual(["HTTP_PROXY", ...rest]);
    const mounted = '[[runners]]\ntoken = "glrt-0123456789"\nenvironment = ["HTTP_PROXY=x"]\n';
    expect(names({}, mounted)).toEqual(["HTTP_PROXY", ...rest]);
  });
});

describe("the log of a replica", () => {
  it("shows neither the user's password nor the header with it, in any encoding", () => {
    const file = join(FOLDER, "secret");
    writeFileSync(file, `${SECRET}\n`);
    const settings = settingsWith({ RUNNER_PROXY_HTTP_FILE: file });
    expect(settings.proxy?.http).toBe(SECRET);
    const secrets = listSecrets(settings);
    const password = "hunter2$pa$$word";
    const login = `ci:${password}`;
    for (const text of [
      SECRET,
      "hunter2%24pa$$word",
      password,
      encodeURIComponent(password),
      `Basic ${Buffer.from(login).toString("base64")}`,
      Buffer.from(login).toString("hex"),
    ]) {
      expect(redact(`the proxy said: ${text}.`, secrets)).not.toContain(text.slice(-9));
    }
    expect(listSecrets(settingsWith({ RUNNER_PROXY_HTTP: "http://proxy:3128" }))).toEqual(
      listSecrets(settingsWith({})),
    );
  });
});
