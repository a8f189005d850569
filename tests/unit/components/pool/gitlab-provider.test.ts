import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as gitlab from "@pulumi/gitlab";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { loadGitlab } from "../../../../components/pool/gitlab-package";
import { failIfRunnerDeleted } from "../../../../components/pool/deleted-runner";
import { RunnerPool } from "../../../../components/pool/runner-pool";
import { declare } from "../../../support/mocks";

const RUNNER = "gitlab:index/userRunner:UserRunner::ci-runner";

const createPool = (opts: pulumi.ComponentResourceOptions): RunnerPool =>
  new RunnerPool(
    "ci",
    {
      gitlabUrl: "https://gitlab.example.com",
      image: `registry.example.com/ci/runner@sha256:${"e".repeat(64)}`,
      runnerScope: "instance",
      // This machine may have an engine, which does not have the service.
      onlineTimeout: "0s",
    },
    opts,
  );

describe("a gitlab provider that the program passes", () => {
  it.each<[string, (provider: gitlab.Provider) => RunnerPool]>([
    ["the pool", (provider) => createPool({ providers: [provider] })],
    [
      "the pool's parent",
      (provider) => {
        const parent = new pulumi.ComponentResource(
          "test:index:Parent",
          "parent",
          {},
          { provider },
        );
        return createPool({ parent });
      },
    ],
  ])("to %s creates the runner", async (_whom, create) => {
    const declared = await declare(() => create(new gitlab.Provider("own")), { preview: true });
    expect(declared.find(({ what }) => what === RUNNER)?.provider).toContain("gitlab::own::");
    expect(declared.map(({ what }) => what)).not.toContain("pulumi:providers:gitlab::ci-gitlab");
  });
});

describe("failIfRunnerDeleted", () => {
  let server: Server;
  let asked: Promise<unknown>;

  beforeEach(async () => {
    asked = new Promise((resolve) => {
      server = createServer((request, response) => {
        resolve(request.headers["private-token"]);
        response.writeHead(200).end('{"id":7}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    process.env["GITLAB_TOKEN"] = "glpat-of-the-environment";
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
    Reflect.deleteProperty(process.env, "GITLAB_TOKEN");
  });

  it.each([
    ["the provider's token", { token: "glpat-of-the-provider" }, "glpat-of-the-provider"],
    ["the token from the environment", {}, "glpat-of-the-environment"],
  ])("asks GitLab with %s", async (_what, args, expected) => {
    const { port } = server.address() as AddressInfo;
    await declare(() => {
      const provider = new gitlab.Provider("own", args);
      const pool = new pulumi.ComponentResource("test:index:Pool", "ci", {}, { provider });
      failIfRunnerDeleted(pool, "ci", pulumi.output("7"), {
        gitlabUrl: pulumi.output(`http://127.0.0.1:${port}`),
        onlineTimeout: 1,
        certificates: new Map(),
      });
    });
    expect(await asked).toBe(expected);
  });
});

describe("loadGitlab", () => {
  it("explains how to install @pulumi/gitlab if the package is missing", async () => {
    let message = "";
    await declare(() => {
      const pool = new pulumi.ComponentResource("test:index:Pool", "ci");
      try {
        loadGitlab(pool, join(tmpdir(), "program.js"));
      } catch (error) {
        message = String(error);
      }
    });
    expect(message).toBe(
      "Error: `runnerScope` requires the package @pulumi/gitlab, which creates the runner: run `npm install @pulumi/gitlab`",
    );
  });
});
