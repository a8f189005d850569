import { describe, expect, it } from "@jest/globals";
import type { RegistryAnswer, RegistryRequest } from "../../../../components/registry/transport";
import {
  checkJobRegistries,
  hasJobRegistries,
} from "../../../../tools/doctor/checks/job-registries";
import { listConfigSecrets, listEnvironmentSecrets } from "../../../../tools/doctor/stack/secrets";
import { stackSettings, TOKEN } from "../../../support/doctor-settings";

const LOGIN = { username: "docker", password: "correct-horse" };
const AUTH = Buffer.from("docker:correct-horse").toString("base64");
const DENY = { "www-authenticate": 'Basic realm="registry"' };

type Reply = (request: RegistryRequest) => readonly [number, Readonly<Record<string, string>>?];

/** Checks registries whose replies a function decides. */
async function check(config: Readonly<Record<string, string>>, reply: Reply) {
  const urls: string[] = [];
  const transport = (request: RegistryRequest): Promise<RegistryAnswer> => {
    urls.push(request.url.href);
    const [status, headers = {}] = reply(request);
    return Promise.resolve({ status, header: (name) => headers[name], text: "" });
  };
  const { outcome } = await checkJobRegistries(stackSettings(config), transport, () => undefined);
  return { outcome, urls: [...new Set(urls)] };
}

const config = (hosts: readonly string[]) => ({
  jobRegistries: JSON.stringify(Object.fromEntries(hosts.map((host) => [host, LOGIN]))),
});

describe("the check of the logins for the images of jobs", () => {
  it("is needed only if a pool has logins", () => {
    expect(hasJobRegistries(stackSettings())).toBe(false);
    expect(hasJobRegistries(stackSettings(config(["registry.example.com"])))).toBe(true);
  });

  it("passes if each registry accepts its login", async () => {
    const hosts = ["registry.example.com", "index.docker.io", "127.0.0.1:5000"];
    const { outcome, urls } = await check(config(hosts), ({ headers }) =>
      headers?.["authorization"] === `Basic ${AUTH}` ? [200] : [401, DENY],
    );
    expect(outcome).toEqual({
      kind: "passed",
      text: "127.0.0.1:5000 accepts the login; docker.io accepts the login; registry.example.com accepts the login",
    });
    expect(urls).toEqual([
      "http://127.0.0.1:5000/v2/",
      "https://registry-1.docker.io/v2/",
      "https://registry.example.com/v2/",
    ]);
  });

  it("fails for a login that a registry rejects, and names the pool", async () => {
    const pools = { big: { token: TOKEN, jobRegistries: { "big.example.com": LOGIN } } };
    const { outcome } = await check(
      { ...config(["registry.example.com"]), pools: JSON.stringify(pools) },
      ({ url, headers }) =>
        url.host === "registry.example.com" && headers !== undefined ? [200] : [401, DENY],
    );
    expect(outcome).toEqual({
      kind: "failed",
      problems: [
        "pool big: big.example.com rejects the login of user docker (status 401), so jobs with images from there will fail: correct its username and password in `pools.big.jobRegistries`",
      ],
    });
  });

  it("only warns if this machine cannot ask the registry", async () => {
    const { outcome } = await check(config(["registry.example.com"]), () => {
      throw new Error("connect ECONNREFUSED 192.0.2.1:443");
    });
    expect(outcome).toEqual({
      kind: "warned",
      text: "the login of registry.example.com was not checked (connect ECONNREFUSED 192.0.2.1:443): check that the nodes reach it",
    });
  });

  it("knows the passwords as secrets, but not the users", () => {
    const value = JSON.stringify({ auths: { "registry.example.com": { auth: AUTH } } });
    const pools = JSON.stringify({ big: { jobRegistries: { "registry.example.com": LOGIN } } });
    const secrets = [LOGIN.password, LOGIN.password, AUTH, AUTH];
    for (const [key, text] of [
      ["jobRegistries", value],
      ["pools", pools],
    ] as const) {
      const entries = new Map([[key, { value: text, isSecret: true }]]);
      expect(listConfigSecrets(entries)).toEqual(secrets);
    }
    expect(listEnvironmentSecrets({ RUNNER_JOB_REGISTRIES: value })).toEqual(secrets);
  });
});
