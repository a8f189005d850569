import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import Docker from "dockerode";
import execa from "execa";
import { readFacts } from "../../dev/facts";
import { removePlaces } from "../../dev/places";
import { PoolStack } from "../../dev/pulumi/pool-stack";
import { startGitlab } from "../../fake-gitlab";
import { makeEngineCertificates } from "../support/engine-certificates";
import { startForwardProxy } from "../support/forward-proxy";
import { localSettings } from "../support/pool-fixture";
import { runTool } from "../support/run-tool";
import { startTlsFront } from "../support/tls-front";

const PROJECT = resolve(__dirname, "../..");

describe("a machine that deploys through a proxy with a login, to a GitLab with a private CA", () => {
  it("creates the runner, and npm run status, doctor and reap ask GitLab", async () => {
    const platform = await readFacts();
    const { hostAddress, dockerHost } = platform;
    const docker = new Docker({ socketPath: dockerHost.slice("unix://".length) });
    const { ca, server } = await makeEngineCertificates(hostAddress);
    const folder = await mkdtemp(join(tmpdir(), "authorities-"));
    const file = join(folder, "ca.pem");
    await writeFile(file, ca);
    const gitlab = await startGitlab({ switches: { longPollSeconds: 0 } });
    await using front = await startTlsFront(hostAddress, gitlab.url, server);
    gitlab.instance.externalUrl = front.url;
    const login = { user: "deployer", password: "password-of-the-proxy" };
    await using proxy = await startForwardProxy(hostAddress, { login });
    const { token } = await gitlab.createPersonalAccessToken({ admin: true, scopes: ["api"] });
    const shell = { GITLAB_TOKEN: token, HTTPS_PROXY: proxy.url };
    const stack = await PoolStack.create({
      platform,
      config: {
        ...localSettings(platform, front.url),
        ...{ replicas: 1, runnerScope: "instance", caCertificate: ca },
      },
      // The gitlab provider trusts nothing else. The other commands get the CA from the pool.
      env: { ...shell, SSL_CERT_FILE: file },
    });
    try {
      await stack.mustUp();
      expect(await gitlab.runners({})).toHaveLength(1);
      const target = `CONNECT ${front.url.slice("https://".length)}`;
      const countTunnels = async () =>
        (await proxy.requests()).filter((request) => request === target).length;
      let before = await countTunnels();
      expect(before).toBeGreaterThan(0);

      const run = (tool: "status" | "reap", env = {}) =>
        runTool(tool, [stack.serviceName], { DOCKER_HOST: dockerHost, ...shell, ...env });
      for (const tool of ["status", "reap"] as const) {
        expect(await run(tool)).toMatchObject({ exitCode: 0, stderr: "" });
        const tunnels = await countTunnels();
        expect(tunnels).toBeGreaterThan(before);
        before = tunnels;
      }
      const doctor = await execa(
        "node",
        ["--import", "tsx", join(PROJECT, "tools/doctor/main.ts")],
        {
          cwd: stack.folder,
          env: {
            HOME: process.env["HOME"] ?? "/",
            ...stack.commandEnv,
            DOCKER_HOST: dockerHost,
            ...shell,
          },
          extendEnv: false,
          reject: false,
          timeout: 90_000,
        },
      );
      expect(doctor.stdout.split("\n")).toContain(
        `✓ GitLab: ${front.url} answers, version 19.4.0-ee; also with the certificates of the replicas`,
      );
      expect(await countTunnels()).toBeGreaterThan(before);

      await proxy.start({ user: "deployer", password: "changed" });
      const rejected = await run("status");
      // The provider needs the proxy to delete the runner.
      await proxy.start(login);
      expect(rejected.exitCode).toBe(2);
      expect(rejected.stdout.replace(/\s+/g, " ")).toContain(
        `cannot reach GitLab at ${front.url}/api/v4: proxy ${proxy.address} answered 401 Unauthorized: write the user and the password in HTTPS_PROXY`,
      );
      const texts = [rejected.stdout, rejected.stderr, doctor.stdout, doctor.stderr];
      expect(texts.join("\n")).not.toContain(login.password);
    } finally {
      await stack[Symbol.asyncDispose]();
      await removePlaces(docker, stack.serviceName);
      await gitlab.stop();
      await rm(folder, { recursive: true });
    }
  });
});
