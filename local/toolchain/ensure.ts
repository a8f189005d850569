import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Commands } from "../commands";
import { removeTree } from "../files";
import { Refusal } from "../refusal";
import { makeFolder } from "../whole-folder";
import { download, hostAnswers } from "./download";
import { findInstalled, holdsPrograms, placesOf, readVersion } from "./find";
import { buildTool } from "./go-build";
import { hashRecipe } from "./recipe-hash";
import { GO_ARCH, type Tool } from "./tools";

export interface Workshop {
  readonly commands: Commands;
  /** Folder with the Go modules. */
  readonly recipes: string;
  /** Folder for finished tools, one folder each. */
  readonly cache: string;
  readonly arch: NodeJS.Architecture;
  readonly env: NodeJS.ProcessEnv;
}

export interface InstalledTool {
  /** Folder that holds the tool's programs. */
  readonly folder: string;
  readonly version: string;
  readonly origin: "found" | "cached" | "downloaded" | "built";
}

/**
 * Makes a tool available: as found on this machine, as kept from an earlier run, from its official download, or built
 * from Go modules, in this order.
 * @param fits decides whether a found version serves
 * @param note hears what takes long
 * @throws Refusal when none of these ways works here
 */
export async function ensureTool(
  workshop: Workshop,
  tool: Tool,
  fits: (version: string) => boolean,
  note: (text: string) => void,
): Promise<InstalledTool> {
  const found = await findInstalled(tool, placesOf(tool, workshop.env));
  if (found !== undefined) {
    const version = await readVersion(workshop.commands, found, tool);
    if (version !== undefined && fits(version)) return { folder: found, version, origin: "found" };
  }
  const { cache, recipes, arch } = workshop;
  const key = `${tool.name.replaceAll(" ", "-")}-${tool.version}-${await hashRecipe(recipes, tool, arch)}`;
  const folder = join(cache, key);
  let origin: InstalledTool["origin"] = "cached";
  await makeFolder(folder, tool.name, async (draft) => {
    origin = await fill(workshop, tool, draft, note);
  });
  return { folder, version: tool.version, origin };
}

async function fill(
  workshop: Workshop,
  tool: Tool,
  draft: string,
  note: (text: string) => void,
): Promise<"downloaded" | "built"> {
  const { commands, recipes, arch } = workshop;
  if (GO_ARCH[arch] === undefined) {
    throw new Refusal(`${tool.name} is not published for this machine's type (${arch})`);
  }
  if (await fetched(workshop, tool, draft, note)) return "downloaded";
  note(`building ${tool.name} ${tool.version} from Go modules`);
  await buildTool(commands, recipes, tool, draft);
  return "built";
}

async function fetched(
  { commands }: Workshop,
  tool: Tool,
  draft: string,
  note: (text: string) => void,
): Promise<boolean> {
  const [first] = tool.downloads;
  if (first === undefined || !(await hostAnswers(first.url))) return false;
  note(`downloading ${tool.name} ${tool.version}`);
  try {
    for (const file of tool.downloads) await download(commands, file, draft);
    const version = await readVersion(commands, draft, tool);
    if ((await holdsPrograms(draft, tool)) && version?.includes(tool.version) === true) return true;
    commands.note(`${first.url} gave ${tool.name} ${version ?? "that does not run"}`);
  } catch (error) {
    commands.note(`download of ${tool.name} failed: ${String(error)}`);
  }
  await removeTree(draft);
  await mkdir(draft);
  return false;
}
