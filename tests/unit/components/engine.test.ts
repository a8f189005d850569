import childProcess from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { getEngine } from "../../../components/engine";
import { checkRegistry } from "../../../components/image/check-registry";
import { getMessage } from "../../../components/user-error";
import { RunnerPool, type RunnerPoolArgs } from "../../../components/pool/runner-pool";
import { startFakeEngine, type FakeEngine } from "../../support/fake-engine";
import { declare, inputsOf, valueOf } from "../../support/mocks";

const NETWORK = { Name: "shared", Driver: "overlay", Scope: "swarm", Attachable: true };
const SERVICE = "docker:index/service:Service::ci-service";

let own: FakeEngine;
let ofEnvironment: FakeEngine;
let home = "";
const before = { ...process.env };

beforeEach(async () => {
  const start = (Id: string) =>
    startFakeEngine("https://gitlab.example.com", () => [], { networks: [{ ...NETWORK, Id }] });
  [own, ofEnvironment] = await Promise.all([start("of-own"), start("of-environment")]);
  Object.assign(process.env, { DOCKER_HOST: ofEnvironment.host });
  delete process.env["DOCKER_CONTEXT"];
  home = mkdtempSync(join(tmpdir(), "home-"));
  const meta = join(home, ".docker", "contexts", "meta", "test");
  mkdirSync(meta, { recursive: true });
  const context = { Name: "test", Endpoints: { docker: { Host: ofEnvironment.host } } };
  writeFileSync(join(meta, "meta.json"), JSON.stringify(context));
});
afterEach(async () => {
  process.env = { ...before };
  rmSync(home, { recursive: true });
  await Promise.all([own, ofEnvironment].map((engine) => engine[Symbol.asyncDispose]()));
});

const createPool = (
  opts: pulumi.ComponentResourceOptions,
  args: Partial<RunnerPoolArgs> = {},
): RunnerPool =>
  new RunnerPool(
    "ci",
    {
      gitlabUrl: "https://gitlab.example.com",
      token: "glrt-a-token-of-a-runner",
      image: `registry.example.com/ci/runner@sha256:${"e".repeat(64)}`,
      network: "shared",
      onlineTimeout: "0s",
      ...args,
    },
    opts,
  );

const createParent = (provider: pulumi.ProviderResource) =>
  new pulumi.ComponentResource("test:index:Parent", "parent", {}, { provider });

/** Runs a program with a pool. @returns the network that the pool joins */
async function runProgram(
  program: () => RunnerPool,
  { preview = false, config = {} }: Parameters<typeof declare>[1] = {},
): Promise<unknown> {
  const { taskSpec } = inputsOf(await declare(program, { preview, config }), SERVICE) as {
    readonly taskSpec: { readonly networksAdvanceds?: readonly { readonly id?: unknown }[] };
  };
  return taskSpec.networksAdvanceds?.[0]?.id;
}

describe("the engine that a pool uses", () => {
  it.each<[string, (provider: docker.Provider) => RunnerPool]>([
    ["the pool gets", (provider) => createPool({ provider })],
    ["the pool gets among others", (provider) => createPool({ providers: { docker: provider } })],
    ["its parent gets", (provider) => createPool({ parent: createParent(provider) })],
  ])("is that of the provider that %s", async (_whom, create) => {
    const program = () => create(new docker.Provider("own", { host: own.host }));
    expect(await runProgram(program, { preview: true })).toBe("of-own");
    expect(await runProgram(program)).toBe("of-own");
    expect(ofEnvironment.asked).toEqual([]);
  });

  it("is the same for the subnet check and the wait", async () => {
    const network = { subnet: "10.77.0.0/24" };
    await declare(() => {
      const provider = new docker.Provider("own", { host: own.host });
      const { replicas } = createPool({ provider }, { network, replicas: 0, onlineTimeout: "5s" });
      return { replicas };
    });
    const asked = (expected: string) => own.asked.filter((path) => path === expected).length;
    // Once for the owner of an existing network, once for the subnets in use.
    expect(asked("/networks")).toBe(2);
    expect(asked("/services/ci-service-id")).toBe(1);
    expect(ofEnvironment.asked).toEqual([]);
  });

  it("is the one that knows the further networks of a pool", async () => {
    const declared = await declare(() => {
      const provider = new docker.Provider("own", { host: own.host });
      return createPool({ provider }, { network: { mtu: 1400 }, networks: ["shared"] });
    });
    expect(inputsOf(declared, SERVICE)).toMatchObject({
      taskSpec: { networksAdvanceds: [{ id: "ci-network-id" }, { id: "of-own" }] },
    });
    expect(ofEnvironment.asked).toEqual([]);
  });

  it("is that of the stack's config without a provider", async () => {
    const config = { "docker:host": own.host };
    expect(await runProgram(() => createPool({}), { config })).toBe("of-own");
    expect(ofEnvironment.asked).toEqual([]);
  });

  it.each([
    ["without a provider", () => createPool({})],
    ["with a provider without `host`", () => createPool({ provider: new docker.Provider("own") })],
  ])("is that of the environment %s", async (_where, program) => {
    expect(await runProgram(program)).toBe("of-environment");
    // Without DOCKER_HOST the provider has no host, and a preview reports that as unknown.
    delete process.env["DOCKER_HOST"];
    Object.assign(process.env, { HOME: home, DOCKER_CONTEXT: "test" });
    expect(await runProgram(program, { preview: true })).toBe("of-environment");
    expect(own.asked).toEqual([]);
  });

  it("is not used in a preview that does not know it yet", async () => {
    const program = () => {
      const machine = new docker.RegistryImage("machine", { name: "stands for a machine" });
      const host = machine.sha256Digest.apply(() => own.host);
      return createPool({ provider: new docker.Provider("own", { host }) });
    };
    expect(await runProgram(program, { preview: true })).toEqual({ __pulumiUnknown: true });
    expect([...own.asked, ...ofEnvironment.asked]).toEqual([]);
    expect(await runProgram(program)).toBe("of-own");
  });
});

describe("getEngine", () => {
  it("does not make a secret of whether the engine is known", async () => {
    let isSecret: unknown;
    await declare(async () => {
      const args = { host: own.host, keyMaterial: pulumi.secret("key") };
      const { known } = getEngine(createParent(new docker.Provider("own", args)));
      expect(await valueOf(known)).toBe(true);
      isSecret = await pulumi.isSecret(known);
    });
    expect(isSecret).toBe(false);
  });

  it("passes the provider's ssh options to ssh", async () => {
    const spawn = jest.spyOn(childProcess, "spawn").mockImplementation(() => {
      throw new Error("no ssh here");
    });
    await declare(async () => {
      const provider = new docker.Provider("own", { host: "ssh://ci@manager", sshOpts: ["-v"] });
      await expect(getEngine(createParent(provider)).api.ping()).rejects.toThrow("no ssh here");
    });
    expect(spawn.mock.calls[0]?.[1].slice(0, 3)).toEqual(["-v", "-l", "ci"]);
    spawn.mockRestore();
  });
});

describe("a registry that does not answer", () => {
  const registry = { host: "127.0.0.1:1", path: "", plainHttp: true };

  it("causes only a warning if the provider's engine already runs the image", async () => {
    const image = "127.0.0.1:1/runner:1";
    await using runs = await startFakeEngine("https://gitlab.example.com", () => [], {
      image: `${image}@sha256:${"e".repeat(64)}`,
    });
    const outcomes: string[] = [];
    await declare(async () => {
      for (const { host } of [runs, own]) {
        const parent = createParent(new docker.Provider(`own-${outcomes.length}`, { host }));
        outcomes.push(
          await checkRegistry(parent, registry, image).then(() => "warned", getMessage),
        );
      }
    });
    expect(outcomes).toEqual(["warned", expect.stringContaining("cannot be reached")]);
  });
});
