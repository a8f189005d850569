import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { RunnerImage } from "../../../../components/image/runner-image";
import type { RunnerImageArgs } from "../../../../components/image/runner-image-args";
import { declare, inputsOf, type Declared } from "../../../support/mocks";

const BUILD = "docker:index/remoteImage:RemoteImage::img-build";
const PUSH = "docker:index/registryImage:RegistryImage::img-push";
const BASE = "docker:index/remoteImage:RemoteImage::img-base";
const PROVIDER = "pulumi:providers:docker::img-docker";

/** Stack config with a login for the default provider. */
const PROVIDER_WITH_LOGIN = { "docker:registryAuth": '[{ "address": "registry.example.com" }]' };

let context = "";

beforeEach(() => {
  context = mkdtempSync(join(tmpdir(), "image-"));
  mkdirSync(join(context, "dist"));
  for (const name of ["Dockerfile", "dist/main.js"]) writeFileSync(join(context, name), "");
});

afterEach(() => {
  rmSync(context, { recursive: true });
});

/** Declares an image in a preview, which needs neither an engine nor a registry. */
function declareImage(
  args: Partial<RunnerImageArgs> & Pick<RunnerImageArgs, "registry">,
  opts: () => pulumi.ComponentResourceOptions = () => ({}),
  config: Readonly<Record<string, string>> = PROVIDER_WITH_LOGIN,
): Promise<readonly Declared[]> {
  return declare(() => new RunnerImage("img", { context, ...args }, opts()), {
    preview: true,
    config,
  });
}

/** Declares an image. @returns the error message */
async function refusal(registry: RunnerImageArgs["registry"]): Promise<string> {
  let message = "nothing";
  await declare(() => {
    try {
      new RunnerImage("img", { context, registry });
    } catch (error) {
      message = String(error);
    }
  });
  return message;
}

const what = (declared: readonly Declared[]): readonly string[] =>
  declared.map((one) => one.what).filter((one) => !one.startsWith("gitlab-runner-pool:"));

describe("a registry as a string", () => {
  it.each([
    ["registry.example.com/ci", "registry.example.com/ci/gitlab-runner-pool", false],
    ["http://registry.local:5000", "registry.local:5000/gitlab-runner-pool", true],
    ["https://127.0.0.1:5000/", "127.0.0.1:5000/gitlab-runner-pool", false],
    ["docker.io/me", "docker.io/me/gitlab-runner-pool", false],
  ])("%s receives the image %s", async (registry, repository, plainHttp) => {
    const declared = await declareImage({ registry });
    expect(String(inputsOf(declared, BUILD)["name"])).toMatch(new RegExp(`^${repository}:v`));
    expect(inputsOf(declared, PUSH)["insecureSkipVerify"]).toBe(plainHttp);
    expect(what(declared)).toEqual([PUSH, BUILD]);
  });

  it("may be an output", async () => {
    const declared = await declareImage({ registry: pulumi.output("registry.example.com") });
    expect(inputsOf(declared, BUILD)["name"]).toMatch(
      /^registry\.example\.com\/gitlab-runner-pool:/,
    );
  });

  it("may be unknown in a preview", async () => {
    const declared = await declare(
      () => {
        const { repoDigest } = new docker.RemoteImage("other", { name: "a:1" });
        return new RunnerImage("img", { context, registry: repoDigest });
      },
      { preview: true },
    );
    expect(what(declared)).toContain(BUILD);
    expect(inputsOf(declared, BUILD)["name"]).toEqual({ __pulumiUnknown: true });
  });

  it.each([
    ["ci", "`registry` must be HOST[:PORT][/PATH] in lower case"],
    ["docker.io", "`registry` must include your Docker Hub user or organization"],
  ])("%s is rejected", async (registry, message) => {
    expect(await refusal(registry)).toContain(message);
  });
});

describe("a registry without a login in the arguments", () => {
  const authOf = (declared: readonly Declared[]): unknown =>
    JSON.parse(String(inputsOf(declared, PROVIDER)["registryAuth"]));

  const withDockerConfig = async (auths: object): Promise<readonly Declared[]> => {
    writeFileSync(join(context, "config.json"), JSON.stringify({ auths }));
    process.env["DOCKER_CONFIG"] = context;
    return declareImage({ registry: "registry.example.com/ci" }, undefined, {});
  };

  afterEach(() => {
    Reflect.deleteProperty(process.env, "DOCKER_CONFIG");
  });

  it("uses the login of this machine if the program has no docker provider", async () => {
    const auth = Buffer.from("me:pw").toString("base64");
    const declared = await withDockerConfig({ "registry.example.com": { auth } });
    expect(what(declared)).toEqual([PUSH, BUILD, PROVIDER]);
    expect(authOf(declared)).toEqual([{ address: "registry.example.com" }]);
    expect(declared.find((one) => one.what === PUSH)?.provider).toContain("::img-docker::");
  });

  it("uses no login if this machine has none", async () => {
    const declared = await withDockerConfig({});
    expect(authOf(declared)).toEqual([{ address: "registry.example.com", authDisabled: true }]);
  });

  it("uses the login of the docker provider that the program passes", async () => {
    const declared = await declareImage(
      { registry: "registry.example.com/ci" },
      () => ({ provider: new docker.Provider("own") }),
      {},
    );
    expect(what(declared)).toEqual([PUSH, BUILD, "pulumi:providers:docker::own"]);
    expect(declared.find((one) => one.what === PUSH)?.provider).toContain("::own::");
  });
});

describe("a registry with a login in the arguments", () => {
  const LOGIN = { address: "registry.example.com/ci", username: "ci", password: "pass-word" };

  it("creates a docker provider for the same engine as the provider that is passed", async () => {
    const declared = await declareImage({ registry: LOGIN }, () => ({
      provider: new docker.Provider("far", { host: "ssh://far.example.com" }),
    }));
    expect(what(declared)).toEqual([PUSH, BUILD, "pulumi:providers:docker::far", PROVIDER]);
    const { host, registryAuth } = inputsOf(declared, PROVIDER);
    expect(host).toBe("ssh://far.example.com");
    expect(JSON.parse((registryAuth as { value: string }).value)).toEqual([
      { address: "registry.example.com", username: "ci", password: "pass-word" },
    ]);
    for (const name of [BUILD, PUSH]) {
      expect(declared.find((one) => one.what === name)?.provider).toContain("::img-docker::");
    }
  });

  it("copies only the engine's arguments of the provider that is passed, also in a preview", async () => {
    const args = { host: "ssh://far.example.com", sshOpts: ["-v"] };
    const declared = await declareImage({ registry: LOGIN }, () => ({
      provider: new docker.Provider("far", args),
    }));
    const { registryAuth, ...engine } = inputsOf(declared, PROVIDER);
    expect(registryAuth).toBeDefined();
    expect(engine).toEqual({ host: args.host, sshOpts: JSON.stringify(args.sshOpts) });
  });

  it("keeps the password secret", async () => {
    const declared = await declareImage({ registry: LOGIN });
    expect(pulumi.runtime.isRpcSecret(inputsOf(declared, PROVIDER)["registryAuth"])).toBe(true);
  });

  it("pulls a base image in the same registry before it builds", async () => {
    const baseImage = "registry.example.com/mirror/gitlab-runner:v19.4.0";
    const declared = await declareImage({ registry: LOGIN, baseImage });
    expect(what(declared)).toEqual([PUSH, BASE, BUILD, PROVIDER]);
    expect(inputsOf(declared, BASE)).toEqual({ name: baseImage, keepLocally: true });
  });

  it("uses the provider's login for a user without a password", async () => {
    const { address, username } = LOGIN;
    const baseImage = "registry.example.com/mirror/gitlab-runner:v19.4.0";
    const declared = await declareImage({ registry: { address, username }, baseImage });
    expect(what(declared)).toEqual([PUSH, BASE, BUILD]);
  });

  it("rejects a password without a user", async () => {
    const { address, password } = LOGIN;
    expect(await refusal({ address, password })).toBe(
      "Error: `registry.password` requires `registry.username`",
    );
  });

  it("names the argument with an invalid address", async () => {
    expect(await refusal({ ...LOGIN, address: "CI" })).toContain("`registry.address` must be HOST");
  });
});
