import { join } from "node:path";
import type Docker from "dockerode";
import type { Context } from "./context";
import { repairBridges } from "./engine/bridges";
import { ensureEngine } from "./engine/engine";
import { writeEnvFile } from "./env-file";
import { imageFacts, writeFacts, writeTools, type PlatformFacts, type ToolFacts } from "./facts";
import { ensureGitlab, type GitlabServer } from "./gitlab-server";
import { readHostAddress } from "./host-address";
import { type ImageKind, listImages } from "./images/catalog";
import { ensureImage } from "./images/images";
import type { Progress } from "./progress";
import { ensurePulumi, type Pulumi } from "./pulumi/home";
import type { PlatformRecord } from "./record";
import { ensureRegistry } from "./registry";
import { ensureSwarm } from "./swarm";
import { createBuildEnv, ensureTool } from "./toolchain/ensure";
import { runnerTool } from "./toolchain/tools";
import { readVersions, type Versions } from "./toolchain/versions";

/** The programs that the platform and the tests run. */
export interface Tools {
  readonly versions: Versions;
  readonly pulumi: Pulumi;
  /** Folder with gitlab-runner and gitlab-runner-helper. */
  readonly runnerFolder: string;
  readonly facts: ToolFacts;
}

/** Everything that a stack of the program runs on. */
export interface Platform {
  readonly tools: Tools;
  readonly docker: Docker;
  readonly gitlab: GitlabServer;
  readonly facts: PlatformFacts;
  /** True if the route from containers to this machine was broken and is repaired. */
  readonly wasRepaired: boolean;
}

/** Installs the programs. Needs neither root nor an engine. */
export async function installTools(context: Context, progress: Progress): Promise<Tools> {
  const { paths } = context;
  return progress.step("tools", async (note) => {
    const versions = await readVersions(paths.project);
    const buildEnv = createBuildEnv(context);
    const pulumi = await ensurePulumi(context, buildEnv, note);
    const fits = (version: string): boolean => version.includes(versions.gitlabRunner);
    const runner = await ensureTool(buildEnv, runnerTool(versions, process.arch), fits, note);
    const facts: ToolFacts = {
      pulumi: pulumi.program,
      pulumiEnv: pulumi.env,
      gitlabRunner: join(runner.folder, "gitlab-runner"),
    };
    await writeTools(paths.state, facts);
    note(`${pulumi.summary}, gitlab-runner ${versions.gitlabRunner} (${runner.origin})`);
    return { versions, pulumi, runnerFolder: runner.folder, facts };
  });
}

/**
 * Starts the whole platform. Reuses what is already running.
 * @param purpose what the platform is for; a platform that is up for a demo stays up
 */
export async function startPlatform(
  context: Context,
  progress: Progress,
  purpose: NonNullable<PlatformRecord["purpose"]>,
): Promise<Platform> {
  const { paths, record } = context;
  await record.change((all) => ({ ...all, purpose: mergePurpose(all.purpose, purpose) }));
  const tools = await installTools(context, progress);
  const { docker, host, wasRepaired } = await progress.step("engine", async (note) => {
    const engine = await ensureEngine(context, note);
    const links = await repairBridges(context, engine.docker);
    const lost = links.map((link) => `, restored ${link}`);
    note(
      `Docker ${engine.version}, ${engine.found ? "already running" : "started by this platform"}${lost.join("")}`,
    );
    return { ...engine, wasRepaired: links.length > 0 };
  });
  await progress.step("swarm", async (note) => {
    const how = await ensureSwarm(context, docker);
    note(how === "made" ? "initialized on this node" : "this node is already a manager");
  });
  const registry = await progress.step("registry", async (note) => {
    const { address, found } = await ensureRegistry(context, note);
    note(`${address}, ${found ? "already running" : "started by this platform"}`);
    return address;
  });
  const images = await ensureImages(context, progress, tools, docker);
  const hostAddress = await readHostAddress(docker);
  const gitlab = await progress.step("gitlab", async (note) => {
    const server = await ensureGitlab(context, hostAddress, note);
    note(`fake GitLab at ${server.url}`);
    return server;
  });
  const { url, tokenFile } = gitlab;
  const facts: PlatformFacts = {
    ...tools.facts,
    ...{ dockerHost: host, hostAddress, registry, images, gitlab: { url, tokenFile } },
  };
  await writeFacts(paths.state, facts);
  await writeEnvFile(context, facts, tools.pulumi.folder);
  return { tools, docker, gitlab, facts, wasRepaired };
}

function ensureImages(
  context: Context,
  progress: Progress,
  { versions, runnerFolder }: Tools,
  docker: Docker,
): Promise<PlatformFacts["images"]> {
  return progress.step("images", async (note) => {
    const names: Partial<Record<ImageKind, string>> = {};
    const ways: string[] = [];
    for (const image of listImages(versions, process.arch)) {
      const way = await ensureImage({ context, docker, runnerFolder }, image, note);
      names[image.kind] = image.name;
      ways.push(`${image.kind} ${way}`);
    }
    note(ways.join(", "));
    return imageFacts.parse(names);
  });
}

/** A test run removes the platform that it started. It must not claim one that a person started. */
function mergePurpose(
  before: PlatformRecord["purpose"],
  now: NonNullable<PlatformRecord["purpose"]>,
): PlatformRecord["purpose"] {
  return before === undefined || now !== "test" ? now : before;
}
