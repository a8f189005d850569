import { copyFile, link, mkdir, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { Context } from "../context";
import { exists, removeTree } from "../files";
import { buildGitlabPlugin, GITLAB_PLUGIN_VERSION } from "../../fake-gitlab/pulumi-plugin/build";
import { ensureTool, type InstalledTool, type BuildEnv } from "../toolchain/ensure";
import { pluginTool, pulumiTool } from "../toolchain/tools";
import { readVersions, serves } from "../toolchain/versions";

/**
 * Encrypts the secrets of the local platform's stacks, which have no value elsewhere. Not a secret
 * itself.
 */
const LOCAL_PASSPHRASE = "local";

/** Pulumi's engine with its plugins, ready to run. */
export interface Pulumi {
  /** Path of the `pulumi` program. */
  readonly program: string;
  /** The program's folder, which has to be on PATH. */
  readonly folder: string;
  /** The environment it needs besides a backend. */
  readonly env: Readonly<Record<string, string>>;
  /** A description for people: what was found, downloaded or built. */
  readonly summary: string;
}

/** Installs Pulumi's engine and the program's plugins in this checkout's Pulumi home. */
export async function ensurePulumi(
  context: Context,
  buildEnv: BuildEnv,
  note: (text: string) => void,
): Promise<Pulumi> {
  const { paths, env } = context;
  const versions = await readVersions(paths.project);
  const engine = await ensureTool(
    buildEnv,
    pulumiTool(versions, buildEnv.arch),
    (version) => serves(version, versions.pulumiMinimum),
    note,
  );
  const home = join(paths.state, "pulumi-home");
  for (const kind of ["docker", "random"] as const) {
    const tool = pluginTool(kind, versions, buildEnv.arch);
    const plugin = await ensureTool(
      buildEnv,
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

/** The folder in which the engine looks for a plugin. */
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
  if ((await readSize(to)) === (await readSize(from))) return;
  await removeTree(place);
  await mkdir(place, { recursive: true });
  // Not a symbolic link: Pulumi follows links in the program's folders, and a broken link stops it.
  await link(from, to).catch(() => copyFile(from, to));
}

async function readSize(file: string): Promise<number | undefined> {
  return (await exists(file)) ? (await stat(file)).size : undefined;
}
