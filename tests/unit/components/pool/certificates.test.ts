import { describe, expect, it } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { RunnerPool, type RunnerPoolArgs } from "../../../../components/pool/runner-pool";
import { readCertificate } from "../../../support/gitlab-certificates";
import { declare, inputsOf, type Declared } from "../../../support/mocks";

const SERVICE = "docker:index/service:Service::ci-service";
const CONFIG = "docker:index/serviceConfig:ServiceConfig::ci";
const KEY = "docker:index/secret:Secret::ci-client-key";
const RANDOM = "random:index/randomId:RandomId::ci";

const CA = readCertificate("ca.pem");
const CLIENT = readCertificate("client.pem");
const CLIENT_KEY = readCertificate("client.key");

const ALL = { caCertificate: CA, clientCertificate: CLIENT, clientKey: CLIENT_KEY };

const declarePool = (args: Partial<RunnerPoolArgs>, preview = false) =>
  declare(
    () => ({
      pool: new RunnerPool("ci", {
        gitlabUrl: "https://gitlab.example.com:8443/git",
        token: "glrt-a-token-of-a-runner",
        image: "registry.example.com/ci/runner:1",
        onlineTimeout: "0s",
        ...args,
      }).service,
    }),
    { preview },
  );

interface File {
  readonly configName?: string;
  readonly fileName: string;
  readonly fileMode: number;
}

interface Container {
  readonly configs?: readonly File[];
  readonly secrets: readonly File[];
  readonly env: { readonly RUNNER_SETTINGS: string };
}

function containerOf(declared: readonly Declared[]): Container {
  const { taskSpec } = inputsOf(declared, SERVICE) as { taskSpec: { containerSpec: Container } };
  return taskSpec.containerSpec;
}

/** Pulumi's mark of a secret. */
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("the certificates of a pool", () => {
  it.each([
    ["plain values", (text: string) => text],
    ["outputs of other resources", (text: string) => pulumi.output(text)],
  ])("are files where gitlab-runner looks for them: %s", async (_, wrap) => {
    const declared = await declarePool({
      gitlabUrl: wrap("https://gitlab.example.com:8443/git"),
      caCertificate: wrap(CA),
      clientCertificate: wrap(CLIENT),
      clientKey: wrap(CLIENT_KEY),
    });
    const { configs, secrets } = containerOf(declared);

    expect(configs).toMatchObject([
      { fileName: "/etc/gitlab-runner/certs/gitlab.example.com.crt", fileMode: 0o444 },
      { fileName: "/etc/gitlab-runner/certs/gitlab.example.com.auth.crt", fileMode: 0o444 },
    ]);
    expect(secrets.map(({ fileName, fileMode }) => [fileName, fileMode])).toEqual([
      ["/run/secrets/gitlab-runner-token", 0o400],
      ["/etc/gitlab-runner/certs/gitlab.example.com.auth.key", 0o400],
    ]);
    // Diffs do not show it.
    expect(inputsOf(declared, `${CONFIG}-ca-certificate`)).toMatchObject({
      data: { ...SECRET, value: base64(CA) },
    });
    expect(inputsOf(declared, `${CONFIG}-client-certificate`)).toMatchObject({
      data: { ...SECRET, value: base64(CLIENT) },
    });
  });

  it("have the address of a GitLab with IPv6 without its brackets", async () => {
    const declared = await declarePool({ gitlabUrl: "https://[fd00::1]/", caCertificate: CA });
    expect(containerOf(declared).configs).toMatchObject([
      { fileName: "/etc/gitlab-runner/certs/fd00::1.crt" },
    ]);
  });

  it("are only in the configs, and the key only in a secret", async () => {
    const declared = await declarePool(ALL);
    expect(inputsOf(declared, KEY)["data"]).toMatchObject({
      ...SECRET,
      value: base64(CLIENT_KEY),
    });
    const line = CLIENT_KEY.split("\n")[1] ?? "no key";
    const others = JSON.stringify(declared.filter(({ what }) => what !== KEY));
    expect(others).not.toContain(line);
    expect(others).not.toContain(base64(CLIENT_KEY));
    expect(containerOf(declared).env.RUNNER_SETTINGS).not.toMatch(/CERT|CLIENT/);
    expect(JSON.stringify(inputsOf(declared, SERVICE))).not.toContain(CA.split("\n")[1]);
  });

  it("get a new name when their own content changes", async () => {
    const read = async (args: Partial<RunnerPoolArgs>) => {
      const declared = await declarePool(args);
      return ["ca-certificate", "client-certificate", "client-key"].map(
        (role) => inputsOf(declared, `${RANDOM}-${role}-id`)["keepers"],
      );
    };
    const [before, after] = [await read(ALL), await read({ ...ALL, caCertificate: CA + CLIENT })];
    expect(after[0]).not.toEqual(before[0]);
    expect(after.slice(1)).toEqual(before.slice(1));
    expect(pulumi.runtime.isRpcSecret(before[0])).toBe(false);
  });

  it("have names that Swarm accepts, even for the longest service name", async () => {
    const declared = await declarePool({ ...ALL, serviceName: "s".repeat(63) });
    for (const what of [`${CONFIG}-ca-certificate`, `${CONFIG}-client-certificate`, KEY]) {
      expect(String(inputsOf(declared, what)["name"]).length).toBeLessThanOrEqual(64);
    }
  });

  it("are absent, and leave no trace in the service, if none is set", async () => {
    const declared = await declarePool({});
    expect(containerOf(declared)).not.toHaveProperty("configs");
    expect(declared.filter(({ what }) => /onfig|client|ca-cert/.test(what))).toEqual([]);
  });
});
