import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Commands } from "../commands";
import type { Context } from "../context";
import { removeTree } from "../files";
import { ExpectedError } from "../expected-error";
import { makeFolderAtomic } from "../atomic-folder";
import { download, whyNoAnswer } from "./download";
import { findInstalled, holdsPrograms, searchPaths } from "./find";
import { buildTool } from "./go-build";
import { hashRecipe } from "./recipe-hash";
import { GO_ARCH, type Tool } from "./tools";
import { tryTool } from "./try-tool";

export interface BuildEnv {
  readonly commands: Commands;
  /** Folder with the Go modules. */
  readonly goModules: string;
  /** Folder for finished tools, one subfolder each. */
  readonly cache: string;
  readonly arch: NodeJS.Architecture;
  readonly env: NodeJS.ProcessEnv;
}

/** Builds the environment for this project's own tools and this machine. */
export function createBuildEnv({
  paths,
  commands,
  env,
}: Pick<Context, "paths" | "commands" | "env">): BuildEnv {
  return {
    commands,
    goModules: join(paths.project, "dev/toolchain"),
    cache: join(paths.cache, "toolchain"),
    arch: process.arch,
    env,
  };
}

export interface InstalledTool {
  /** Folder that holds the tool's programs. */
  readonly folder: string;
  readonly version: string;
  readonly origin: "found" | "cached" | "downloaded" | "built";
}

/**
 * Makes a tool available. Tries, in this order: the machine, the cache, the official download, a
 * build from Go modules.
 * @param fits decides whether an installed version is acceptable
 * @param note receives progress of slow steps
 * @throws ExpectedError when none of these works here
 */
export async function ensureTool(
  buildEnv: BuildEnv,
  tool: Tool,
  fits: (version: string) => boolean,
  note: (text: string) => void,
): Promise<InstalledTool> {
  const { cache, goModules, arch } = buildEnv;
  const found = await findFitting(buildEnv, tool, fits);
  if ("folder" in found) return { ...found, origin: "found" };
  const key = `${tool.name.replaceAll(" ", "-")}-${tool.version}-${await hashRecipe(goModules, tool, arch)}`;
  const folder = join(cache, key);
  let origin: InstalledTool["origin"] = "cached";
  await makeFolderAtomic(folder, tool.name, async (draft) => {
    origin = await fill(buildEnv, tool, draft, note, found.reasons);
  });
  return { folder, version: tool.version, origin };
}

/**
 * The installed tool, or why it is not usable: one clause per reason, none if nothing is installed.
 */
async function findFitting(
  { commands, env }: BuildEnv,
  tool: Tool,
  fits: (version: string) => boolean,
): Promise<Pick<InstalledTool, "folder" | "version"> | { readonly reasons: readonly string[] }> {
  const folder = await findInstalled(tool, searchPaths(tool, env));
  if (folder === undefined) return { reasons: [] };
  const trial = await tryTool(commands, folder, tool);
  if ("failure" in trial) {
    commands.note(`${tool.name} in ${folder} does not run: ${trial.failure}`);
    return { reasons: [`the one in ${folder} does not run: ${trial.failure}`] };
  }
  const { version } = trial;
  if (fits(version)) return { folder, version };
  commands.note(`${tool.name} in ${folder} is ${version}, which does not fit`);
  return { reasons: [`the one in ${folder} is ${version}`] };
}

async function fill(
  buildEnv: BuildEnv,
  tool: Tool,
  draft: string,
  note: (text: string) => void,
  reasons: readonly string[],
): Promise<"downloaded" | "built"> {
  const { commands, goModules, arch } = buildEnv;
  if (GO_ARCH[arch] === undefined) {
    throw new ExpectedError(
      `${tool.name} is not published for this machine's architecture (${arch})`,
    );
  }
  const failure = await fetchTool(buildEnv, tool, draft, note);
  if (failure === undefined) return "downloaded";
  note(`building ${tool.name} ${tool.version} from Go modules`);
  await buildTool(commands, goModules, tool, draft, [...reasons, failure]);
  return "built";
}

/** Downloads a tool. @returns why that failed, as a clause; undefined if it succeeded */
async function fetchTool(
  { commands }: BuildEnv,
  tool: Tool,
  draft: string,
  note: (text: string) => void,
): Promise<string | undefined> {
  const [first] = tool.downloads;
  if (first === undefined) return "it has no download";
  const noAnswer = await whyNoAnswer(first.url);
  if (noAnswer !== undefined) return noAnswer;
  note(`downloading ${tool.name} ${tool.version}`);
  const failure = await tryDownload(commands, tool, draft).catch((error: unknown) =>
    error instanceof Error ? error.message : String(error),
  );
  if (failure === undefined) return undefined;
  commands.note(`download of ${tool.name} failed: ${failure}`);
  note(failure);
  await removeTree(draft);
  await mkdir(draft);
  return failure;
}

async function tryDownload(
  commands: Commands,
  tool: Tool,
  draft: string,
): Promise<string | undefined> {
  for (const file of tool.downloads) await download(commands, file, draft);
  const urls = tool.downloads.map(({ url }) => url).join(" and ");
  if (!(await holdsPrograms(draft, tool))) return `${urls} lacks ${tool.programs.join(" or ")}`;
  const trial = await tryTool(commands, draft, tool);
  if ("failure" in trial) {
    return `${urls} was downloaded, but does not run: ${trial.failure}`;
  }
  return trial.version.includes(tool.version)
    ? undefined
    : `${urls} was downloaded, but its version is ${trial.version}`;
}
