import { copyFile, link, mkdir, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { Context } from "../context";
import { exists, removeTree } from "../files";
import { buildGitlabPlugin, GITLAB_PLUGIN_VERSION } from "../gitlab-plugin/build";
import { ensureTool, type InstalledTool, type Workshop } from "../toolchain/ensure";
import { pluginTool, pulumiTool } from "../toolchain/tools";
import { readVersions, serves } from "../toolchain/versions";

/** Encrypts the secrets of the local platform's stacks, which are worth nothing elsewhere; no secret itself. */
export const LOCAL_PASSPHRASE = "local";

/** The engine with its plugins, ready to run. */
export interface Pulumi {
  /** Path of the `pulumi` program. */
  readonly program: string;
  /** Folder with it that has to be on PATH. */
  readonly folder: string;
  /** What it needs in its environment besides a backend. */
  readonly env: Readonly<Record<string, string>>;
  /** What was found, downloaded or built, for people. */
  readonly summary: string;
}

/** Brings Pulumi's engine and the plugins of the program, in a Pulumi home of this checkout. */
export async function ensurePulumi(
  context: Context,
  workshop: Workshop,
  note: (text: string) => void,
): Promise<Pulumi> {
  const { paths, env } = context;
  const versions = await readVersions(paths.project);
  const engine = await ensureTool(
    workshop,
    pulumiTool(versions, workshop.arch),
    (version) => serves(version, versions.pulumiMinimum),
    note,
  );
  const home = join(paths.state, "pulumi-home");
  for (const kind of ["docker", "random"] as const) {
    const tool = pluginTool(kind, versions, workshop.arch);
    const plugin = await ensureTool(
      workshop,
      tool,
      (version) => version.includes(tool.version),
      note,
    );
    await placePlugin(home, kind, plugin, tool.programs[0]);
  }
  const gitlab = pluginFolder(home, "gitlab", GITLAB_PLUGIN_VERSION);
  await buildGitlabPlugin(join(gitlab, "pulumi-resource-gitlab"));
  return {
    program: join(engine.folder, "pulumi"),
    folder: engine.folder,
    env: {
      PATH: [engine.folder, env["PATH"] ?? ""].join(delimiter),
      PULUMI_HOME: home,
      PULUMI_CONFIG_PASSPHRASE: LOCAL_PASSPHRASE,
      PULUMI_SKIP_UPDATE_CHECK: "1",
    },
    summary: `pulumi ${engine.version.replace(/^v/, "")} (${engine.origin})`,
  };
}

/** Folder in which the engine looks for a plugin. */
function pluginFolder(home: string, kind: string, version: string): string {
  return join(home, "plugins", `resource-${kind}-v${version}`);
}

async function placePlugin(
  home: string,
  kind: string,
  { folder, version }: InstalledTool,
  program: string,
): Promise<void> {
  const from = join(folder, program);
  const place = pluginFolder(home, kind, version.replace(/^v/, ""));
  const to = join(place, program);
  if ((await sizeOf(to)) === (await sizeOf(from))) return;
  await removeTree(place);
  await mkdir(place, { recursive: true });
  // No symbolic link: Pulumi follows links through the program's folders, and one that points nowhere stops it.
  await link(from, to).catch(() => copyFile(from, to));
}

async function sizeOf(file: string): Promise<number | undefined> {
  return (await exists(file)) ? (await stat(file)).size : undefined;
}
