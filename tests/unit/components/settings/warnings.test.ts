import { describe, expect, it, jest } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { RunnerPool, type RunnerPoolArgs } from "../../../../components/pool/runner-pool";
import { nameArguments } from "../../../../components/settings/argument-names";
import type { StackPool } from "../../../../stack/stack-settings";
import { readCertificate } from "../../../support/gitlab-certificates";
import { declare, type Declared } from "../../../support/mocks";
import { settingsOf, withConfig } from "../../stack/read";

const ARGS: RunnerPoolArgs = {
  gitlabUrl: "https://gitlab.example.com",
  token: "glrt-a-token-of-a-runner",
  image: `registry.example.com/ci/runner@sha256:${"e".repeat(64)}`,
  replicas: 0,
  // This machine may have an engine, which does not have the service.
  onlineTimeout: "0s",
};

const ROOT_JOBS =
  "`docker.privileged` (true) gives jobs root access to the node: check on the runner's page in GitLab that it is protected, so that only jobs of protected branches and tags run on it.";

/** Returns the warning about a URL with a path. */
const pathWarning = (path: string) =>
  `\`gitlabUrl\` has the path ${path}: remove it unless GitLab is installed under this path.`;

/** Declares a pool with further arguments. */
function declarePool(args: Partial<RunnerPoolArgs>): void {
  new RunnerPool("ci", { ...ARGS, ...args });
}

type Warning = readonly [resource: string | undefined, text: string];

/** Declares pools. @returns the names of the resources and the warnings about them */
async function warningsAbout(program: () => void, preview = false): Promise<readonly Warning[]> {
  const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
  await declare(program, { preview });
  const calls = warn.mock.calls.map(([text, resource]): Warning => [
    resource instanceof RunnerPool ? resource.name : undefined,
    text,
  ]);
  warn.mockRestore();
  return calls;
}

const { setImmediate: later } = globalThis;

/** Declares a pool. @returns the message with which the program ends, at once or later */
async function errorAbout(
  args: () => Partial<RunnerPoolArgs>,
  preview = false,
  onDeclared: (resource: Declared) => void = () => undefined,
): Promise<string> {
  let message = "";
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const keep = (run: () => void) => {
    try {
      run();
    } catch (error) {
      message = String(error);
      end();
    }
  };
  const spy = jest.spyOn(globalThis, "setImmediate");
  // An error in a callback would end the test.
  spy.mockImplementation((run: () => void) => later(keep, run));
  const declared = declare(
    () => {
      keep(() => {
        declarePool(args());
      });
    },
    { preview, onDeclared },
  );
  // After an error, the program's resources wait forever.
  await Promise.race([ended, declared.then(() => new Promise((resolve) => later(resolve)))]);
  spy.mockRestore();
  return message;
}

/** Creates a pool of a stack as the stack's program does. */
function createPool({ name, args, names }: StackPool): void {
  const { image, replicas, onlineTimeout } = ARGS;
  new RunnerPool(name, nameArguments({ ...args, image, replicas, onlineTimeout }, names));
}

/** A path that is known only after an update. */
function makePath(): pulumi.Output<string> {
  return pulumi.interpolate`/${new random.RandomId("path", { byteLength: 4 }).hex}`;
}

describe("a pool of any program", () => {
  it.each([false, true])("warns once about its arguments: preview %s", async (preview) => {
    const create = () => {
      declarePool({ docker: { privileged: true } });
    };
    expect(await warningsAbout(create, preview)).toEqual([["ci", ROOT_JOBS]]);
  });

  it("warns at the pool that has the argument", async () => {
    const create = () => {
      new RunnerPool("a", { ...ARGS, docker: { privileged: true } });
      new RunnerPool("b", { ...ARGS, gitlabUrl: "https://example.com/builds" });
      new RunnerPool("c", ARGS);
    };
    expect(await warningsAbout(create)).toEqual([
      ["a", ROOT_JOBS],
      ["b", pathWarning("/builds")],
    ]);
  });

  it("warns about an output once its value is known, and about other arguments at once", async () => {
    const create = () => {
      const gitlabUrl = pulumi.interpolate`https://example.com${makePath()}`;
      declarePool({ gitlabUrl, docker: { privileged: true } });
    };
    expect(await warningsAbout(create, true)).toEqual([["ci", ROOT_JOBS]]);
    expect(await warningsAbout(create)).toEqual([
      ["ci", ROOT_JOBS],
      ["ci", pathWarning("/0a1b2c3d")],
    ]);
  });

  it("warns about known outputs in a preview, even if another one is unknown", async () => {
    const create = () => {
      const gitlabUrl = pulumi.output("https://example.com/builds");
      declarePool({ gitlabUrl, network: makePath().apply(() => "net") });
    };
    expect(await warningsAbout(create, true)).toEqual([["ci", pathWarning("/builds")]]);
  });

  it("shows no secret in a warning", async () => {
    const create = () => {
      declarePool({
        gitlabUrl: pulumi.secret("https://example.com/secret-path"),
        secretEnvironment: pulumi.secret({ CI_PASSWORD: "secret-value" }),
      });
    };
    expect(await warningsAbout(create)).toEqual([
      [
        "ci",
        "`secretEnvironment` sets CI_PASSWORD: GitLab's own variables of the same names override the values.",
      ],
    ]);
  });
});

describe("a pool of the stack", () => {
  it("warns once about each setting, by the name with which the user set it", async () => {
    const pools = { big: { docker: { privileged: true } } };
    const { pool, additionalPools, warnings } = settingsOf({
      ...withConfig({ docker: '{"gpus":"all"}', pools: JSON.stringify(pools) }),
      env: { RUNNER_CI_URL: "https://example.com/builds" },
    });
    const gpus =
      "`docker.gpus` (all) requires GPUs and their driver on every node that runs a replica, which Swarm does not check.";
    const path = `RUNNER_CI_URL (${pathWarning("/builds").replace(" has", ") has")}`;
    const found = await warningsAbout(() => {
      [pool, ...additionalPools].forEach(createPool);
    });
    expect(found).toEqual([
      ["default", gpus],
      ["default", path],
      ["big", ROOT_JOBS.replace("docker.", "pools.big.docker.")],
      ["big", gpus],
      ["big", path],
    ]);
    expect(warnings).toEqual([]);
    expect(found).toEqual(
      [pool, ...additionalPools].flatMap((one) => one.warnings.map((text) => [one.name, text])),
    );
  });
});

describe("a default image outside the allowed images", () => {
  const docker = { allowedImages: ["ruby:*"] };
  const words = "`jobImage` (alpine) does not match a pattern of `docker.allowedImages` (ruby:*)";

  it("is an error if it is an argument, also as an output whose value is known", async () => {
    for (const jobImage of ["alpine", pulumi.output("alpine")]) {
      expect(await errorAbout(() => ({ jobImage, docker }), true)).toContain(words);
    }
    expect(await errorAbout(() => ({ jobImage: "ruby:3", docker }))).toBe("");
    const unknown = () => ({ jobImage: makePath().apply(() => "alpine"), docker });
    expect(await errorAbout(unknown, true)).toBe("");
    expect(await errorAbout(unknown)).toContain(words);
  });

  it("only causes a warning if it is the default, or if a pool of the stack inherits it", async () => {
    const create = () => {
      declarePool({ docker });
    };
    const [warning] = await warningsAbout(create);
    expect(warning).toEqual([
      "ci",
      expect.stringContaining(words.replace("alpine", "ubuntu:24.04")),
    ]);
    const pools = JSON.stringify({ big: { docker } });
    const { additionalPools } = settingsOf(withConfig({ jobImage: "alpine", pools }));
    const found = await warningsAbout(() => {
      additionalPools.forEach(createPool);
    });
    expect(found).toEqual([
      ["big", expect.stringContaining(words.replace("docker.", "pools.big.docker."))],
    ]);
  });
});

describe("outputs as arguments", () => {
  it("are checked against the other arguments once they are known, without showing secrets", async () => {
    const environment = { DEPLOY_KEY_ID: "1" };
    const secretEnvironment = pulumi.secret({ DEPLOY_KEY_ID: "secret-value" });
    expect(await errorAbout(() => ({ environment, secretEnvironment }), true)).toBe(
      'Error: RunnerPool "ci" has invalid arguments:\n  - `environment` and `secretEnvironment` must not both set DEPLOY_KEY_ID: remove the variable from one of them',
    );
  });

  it("reject certificates for a GitLab without https, also if its URL is a secret", async () => {
    const caCertificate = readCertificate("ca.pem");
    const withUrl = (url: string) =>
      errorAbout(() => ({ caCertificate, gitlabUrl: pulumi.secret(url) }), true);
    expect(await withUrl("https://secret.example.com")).toBe("");
    expect(await withUrl("http://secret.example.com")).toBe(
      'Error: RunnerPool "ci" has invalid arguments:\n  - `caCertificate` needs a GitLab with https, but `gitlabUrl` (http://hidden) has http: set the https address of GitLab, or unset it',
    );
  });

  it("keep an update from creating anything in the swarm until they are checked", async () => {
    const variables = { DEPLOY_KEY_ID: "secret-value" };
    const listCreated = async (secretEnvironment: RunnerPoolArgs["secretEnvironment"]) => {
      const created: string[] = [];
      const environment = { DEPLOY_KEY_ID: "1" };
      const caCertificate = readCertificate("ca.pem");
      await errorAbout(
        () => ({ environment, secretEnvironment, caCertificate }),
        false,
        ({ what }) => created.push(what),
      );
      return created.filter((what) => what.startsWith("docker:")).sort();
    };
    expect(await listCreated(pulumi.secret(variables))).toEqual([]);
    expect(await listCreated(pulumi.secret({ OTHER: "secret-value" }))).toEqual([
      "docker:index/network:Network::ci-network",
      "docker:index/secret:Secret::ci-secret-environment",
      "docker:index/secret:Secret::ci-token",
      "docker:index/service:Service::ci-service",
      "docker:index/serviceConfig:ServiceConfig::ci-ca-certificate",
    ]);
  });
});
