import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import execa from "execa";
import { removeJobObjects } from "../../dev/job-objects";
import type { JobView } from "../../fake-gitlab";
import { GitServer } from "./git-server";
import { copyNpmCache } from "./npm-cache";
import { jobToEnqueue, type PipelineJobName } from "./pipeline-jobs";
import { createPool, localSettings, type PoolFixture } from "./pool-fixture";
import { PoolStack } from "../../dev/pulumi/pool-stack";
import { openReadOnlyEngine, type ReadOnlyEngine } from "./read-only-engine";
import { ToolsImage } from "./tools-image";

const SOCKET = "/var/run/docker.sock";

const PASSPHRASE = "passphrase-of-the-pipeline";

/** CI/CD variables whose values are masked in logs. */
const MASKED = ["RUNNER_CI_TOKEN", "GITLAB_TOKEN", "PULUMI_CONFIG_PASSPHRASE"];

type Variables = Readonly<Record<string, string>>;

/** How a job of the pipeline is started. */
export interface Start {
  readonly ref: string;
  readonly sha: string;
  /** Variables that GitLab adds for a merge request, or that a user adds to a manual job. */
  readonly variables?: Variables;
}

/**
 * A project with the example pipeline, a pool that runs its jobs and that they deploy, and a second
 * pool for the job that must run elsewhere.
 */
export interface PipelineFixture extends AsyncDisposable {
  readonly pool: PoolFixture;
  readonly git: GitServer;
  /** CI/CD variables of the project. */
  readonly variables: Variables;
  /** The proxy through which merge request jobs reach the engine. */
  readonly engine: ReadOnlyEngine;
  /** Deploys both pools: this one manually, with the variables of its pipeline. */
  deployPools(): Promise<void>;
  /**
   * Queues a job.
   * @returns its ID
   */
  enqueue(name: PipelineJobName, start: Start): Promise<number>;
  /**
   * Waits for a job that must succeed.
   * @returns the job with its log
   */
  succeed(id: number): Promise<JobView & { readonly log: string }>;
}

export async function createPipeline(): Promise<PipelineFixture> {
  const folder = await mkdtemp(join(tmpdir(), "pipeline-"));
  const pool = await createPool({
    settings: NOTHING_COMMITTED,
    env: { PULUMI_CONFIG_PASSPHRASE: PASSPHRASE },
  });
  const { platform, docker, gitlab, stack, gitlabUrl } = pool;
  const git = await GitServer.start();
  const image = `gitlab-runner-pool/tools-of-${stack.stack}:1`;
  const variables = await ciVariables(pool, folder, image);
  stack.env = { ...variables };
  const other = await gitlab.createRunner({
    ...{ tags: ["not-this-pool", "preview"], runUntagged: false },
  });
  const elsewhere = await PoolStack.create({
    platform,
    config: { ...localSettings(platform, gitlabUrl), token: other.token, replicas: 1 },
    env: dockerVariables(pool, folder),
  });
  const engine = await openReadOnlyEngine(platform.dockerHost.replace(/^unix:\/\//, ""));
  let tools: ToolsImage | undefined;
  return {
    pool,
    git,
    variables,
    engine,
    async deployPools() {
      await copyNpmCache(join(folder, "npm"));
      const building = ToolsImage.build(docker, platform, image);
      // Waits for all of them before a failure is thrown: nothing can be removed while a command is
      // running.
      await Promise.allSettled([building, stack.mustUp(), elsewhere.mustUp()]).then(failIfOneDid);
      tools = await building;
    },
    async enqueue(name, { ref, sha, variables: added = {} }) {
      const scoped = name === "preview" ? { DOCKER_HOST: engine.dockerHost } : {};
      const job = jobToEnqueue(name, { ...variables, ...scoped, ...added }, MASKED);
      const url = git.urlOn(platform.hostAddress);
      // The test's simple server cannot serve a shallow clone.
      return (await gitlab.enqueueJob({ ...job, ref, git: { url, sha, depth: 0 } })).id;
    },
    async succeed(id) {
      const job = await gitlab.waitForJob({ id, timeoutMs: 150_000 });
      const log = await gitlab.trace({ id });
      if (job.status !== "success") throw new Error(`job ${job.name} is ${job.status}:\n${log}`);
      return { ...job, log };
    },
    async [Symbol.asyncDispose]() {
      // Files that jobs wrote belong to root.
      await takeOver(pool, folder, stack.folder);
      await elsewhere[Symbol.asyncDispose]();
      await pool[Symbol.asyncDispose]();
      await removeJobObjects(docker, gitlabUrl);
      await tools?.[Symbol.asyncDispose]();
      await git[Symbol.asyncDispose]();
      await engine[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function failIfOneDid(results: readonly PromiseSettledResult<unknown>[]): void {
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

/** Provides all settings through the environment. */
const NOTHING_COMMITTED = {
  gitlabUrl: undefined,
  replicas: undefined,
  drainTimeout: undefined,
  baseImage: undefined,
  nodeImage: undefined,
  jobImage: undefined,
  registry: undefined,
  docker: undefined,
  token: undefined,
};

async function ciVariables(
  pool: PoolFixture,
  folder: string,
  image: string,
): Promise<Record<string, string>> {
  const { platform, gitlab, gitlabUrl, stack, token } = pool;
  const reporter = await gitlab.createPersonalAccessToken({
    username: "project-bot",
    roles: [{ projectId: 1, level: 20 }],
    scopes: ["api"],
  });
  return {
    PULUMI_BACKEND_URL: `file://${join(stack.folder, ".state")}`,
    PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    PULUMI_STACK: stack.stack,
    TOOLS_IMAGE: image,
    GITLAB_TOKEN: reporter.token,
    RUNNER_CI_URL: gitlabUrl,
    RUNNER_CI_TOKEN: token,
    RUNNER_IMAGE: platform.images.job,
    RUNNER_BASE_IMAGE: platform.images.base,
    RUNNER_NODE_IMAGE: platform.images.node,
    // A job's checkout has other file modes, so its image has another digest than those of other
    // tests.
    REGISTRY_ADDRESS: `${platform.registry}/e2e-pipeline`,
    RUNNER_DRAIN_TIMEOUT: "3m",
    ...dockerVariables(pool, folder),
    npm_config_cache: join(folder, "npm"),
    npm_config_prefer_offline: "true",
    npm_config_audit: "false",
  };
}

/**
 * How jobs reach the engine, this machine's registry, and the state, all under the same paths as on
 * this machine.
 */
function dockerVariables({ platform, stack }: PoolFixture, folder: string): Record<string, string> {
  const engine = `${platform.dockerHost.replace(/^unix:\/\//, "")}:${SOCKET}`;
  const same = [join(stack.folder, ".state"), folder].map((path) => `${path}:${path}`);
  return {
    RUNNER_DOCKER_VOLUMES: ["/cache", engine, ...same].join(","),
    RUNNER_DOCKER_NETWORK_MODE: "host",
    RUNNER_DOCKER_PULL_POLICY: "if-not-present",
    RUNNER_DOCKER_HELPER_IMAGE: platform.images.helper,
  };
}

/** Returns ownership of folders that a container wrote to. */
async function takeOver({ platform }: PoolFixture, ...folders: readonly string[]): Promise<void> {
  const owner = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  const volumes = folders.flatMap((path) => ["--volume", `${path}:${path}`]);
  await execa(
    "docker",
    ["run", "--rm", ...volumes, platform.images.job, "chown", "-R", owner, ...folders],
    { env: { DOCKER_HOST: platform.dockerHost } },
  );
}
