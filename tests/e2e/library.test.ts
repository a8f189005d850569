import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import Docker from "dockerode";
import execa from "execa";
import { type PlatformFacts, readFacts } from "../../dev/facts";
import { removePlaces } from "../../dev/places";
import { PoolStack } from "../../dev/pulumi/pool-stack";
import { type Gitlab, startGitlab } from "../../fake-gitlab";
import { GITLAB_SDK, installLibraryProgram } from "../support/library-program";
import { LoginGate } from "../support/login-gate";
import { managersSettle } from "../support/pool-fixture";
import { readImage } from "../support/swarm";
import { listEncodings } from "../../contract/redact";

const USER = "library";
const PASSWORD = "password-of-a-library";

/** Compiles the program unchanged, and with Node.js's own rules for imports. */
async function compile(folder: string): Promise<void> {
  const tsc = join(folder, "node_modules/.bin/tsc");
  await execa(tsc, [], { cwd: folder });
  await execa(tsc, ["--module", "nodenext", "--moduleResolution", "nodenext"], { cwd: folder });
}

async function readNetworks(docker: Docker, service: string): Promise<readonly unknown[]> {
  const { Spec } = (await docker.getService(service).inspect()) as {
    Spec: { TaskTemplate: { Networks: readonly { Target: string }[] } };
  };
  return Spec.TaskTemplate.Networks.map(({ Target }) => Target);
}

async function startFor({ hostAddress }: PlatformFacts): Promise<Gitlab> {
  const gitlab = await startGitlab({
    host: ["127.0.0.1", hostAddress],
    switches: { longPollSeconds: 0 },
  });
  gitlab.instance.externalUrl = `http://${hostAddress}:${new URL(gitlab.url).port}`;
  return gitlab;
}

/** A program with its own gitlab provider, whose pool creates its runner. */
const WITH_GITLAB = `
import * as gitlab from "@pulumi/gitlab";
import * as pulumi from "@pulumi/pulumi";
import { RunnerPool } from "gitlab-runner-pool";

const config = new pulumi.Config();
const gitlabUrl = config.require("gitlabUrl");
const provider = new gitlab.Provider("own", {
  baseUrl: gitlabUrl + "/api/v4/",
  token: config.requireSecret("access-token"),
  // The token may create runners but not read its own user.
  earlyAuthCheck: false,
});
const pool = new RunnerPool(
  "created",
  {
    gitlabUrl,
    runnerScope: "instance",
    drainTimeout: "1h",
    maximumTimeout: "2h",
    replicas: 0,
    image: "registry.example.com/gitlab-runner-pool@sha256:${"0".repeat(64)}",
    serviceName: pulumi.getProject() + "-" + pulumi.getStack(),
  },
  { providers: [provider] },
);
export const runner = pool.runnerId;
`;

describe("a program that installs the package", () => {
  it("deploys, scales and destroys two pools that share one image and one network", async () => {
    const platform = await readFacts();
    const docker = new Docker();
    await using gate = await LoginGate.open(platform.registry, new Map([[USER, PASSWORD]]));
    await using gitlab = await startFor(platform);
    const gitlabUrl = gitlab.instance.externalUrl;
    const runners = [await gitlab.createRunner({}), await gitlab.createRunner({})] as const;
    const [small, large] = runners;
    const managers = (counts: readonly [number, number]) =>
      Promise.all(
        runners.map(({ id }, i) => managersSettle({ gitlab, runnerId: id }, counts[i] ?? 0)),
      );

    await using stack = await PoolStack.create({
      platform,
      program: installLibraryProgram,
      config: {
        gitlabUrl,
        // The package's files have other modes than this checkout's, so its image has another
        // digest.
        registry: `${gate.address}/e2e-library`,
        "registry-user": USER,
        "registry-password": PASSWORD,
        baseImage: platform.images.base,
        nodeImage: platform.images.node,
        "small-token": small.token,
        "small-replicas": 1,
        "large-token": large.token,
        "large-replicas": 2,
      },
    });
    expect(await readdir(join(stack.folder, "node_modules/@pulumi"))).not.toContain("gitlab");
    await compile(stack.folder);

    await stack.mustUp();
    await managers([1, 2]);
    expect(await stack.outputs()).toEqual({ small: 1, large: 2 });
    const services = [`my-runners-${stack.stack}-small`, `my-runners-${stack.stack}-large`];
    const [image, ...otherImages] = await Promise.all(
      services.map((one) => readImage(docker, one)),
    );
    expect(image).toMatch(new RegExp(`^${gate.address}/e2e-library/gitlab-runner-pool:.*@sha256:`));
    expect(otherImages).toEqual([image]);
    const networks = await Promise.all(services.map((one) => readNetworks(docker, one)));
    expect(networks[0]).toHaveLength(1);
    expect(networks[1]).toEqual(networks[0]);
    expect([...gate.users]).toEqual([USER]);
    const state = await stack.state();
    expect(
      [PASSWORD, small.token, large.token]
        .flatMap(listEncodings)
        .filter((form) => state.includes(form)),
    ).toEqual([]);
    expect(state).toContain('"context": "node_modules/gitlab-runner-pool/runner-image"');
    await stack.expectNoChanges();

    await stack.configure({ "small-replicas": 3, "large-replicas": 1 });
    await stack.mustUp();
    await managers([3, 1]);
    await stack.expectNoChangesAfterRefresh();

    await stack.destroy();
    await managers([0, 0]);
    for (const service of services) {
      await expect(docker.getService(service).inspect()).rejects.toMatchObject({ statusCode: 404 });
      await removePlaces(docker, service);
    }
  });

  it("creates the runner of a pool with the program's own gitlab provider, and shows warnings once", async () => {
    const platform = await readFacts();
    await using gitlab = await startFor(platform);
    const { token } = await gitlab.createPersonalAccessToken({
      admin: true,
      scopes: ["create_runner", "manage_runner"],
    });
    await using stack = await PoolStack.create({
      platform,
      program: async (folder) => {
        await installLibraryProgram(folder, { "@pulumi/gitlab": GITLAB_SDK });
        await writeFile(join(folder, "index.ts"), WITH_GITLAB);
      },
      config: { gitlabUrl: gitlab.instance.externalUrl, "access-token": token },
    });
    const texts = [await stack.diff(), (await stack.mustUp()).output];
    for (const text of texts) {
      expect(text.match(/^ *warning: .*/gm)).toEqual([
        expect.stringMatching(/`drainTimeout` \(1h\) is shorter than `maximumTimeout` \(2h\)/),
      ]);
    }
    const { runner } = await stack.outputs();
    const runners = await gitlab.runners();
    expect(runners.map(({ id }) => String(id))).toEqual([String(runner)]);
    const state = await stack.state();
    expect(state).not.toContain("created-gitlab");
    expect(listEncodings(token).filter((form) => state.includes(form))).toEqual([]);
    await stack.expectNoChangesAfterRefresh();
  });
});
