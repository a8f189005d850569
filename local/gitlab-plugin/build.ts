import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build } from "esbuild";

/** Version that the plugin takes the place of: that of sdks/gitlab. */
export const GITLAB_PLUGIN_VERSION = "9.8.2";

/**
 * Builds the stand-in plugin to one executable file, which needs nothing but `node` on PATH.
 * @param target where it goes: `$PULUMI_HOME/plugins/resource-gitlab-v9.8.2/pulumi-resource-gitlab`
 */
export async function buildGitlabPlugin(target: string): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, "plugin.ts")],
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    // Loaded by parts of the SDK that a plugin does not use.
    external: ["typescript", "ts-node"],
    banner: { js: "#!/usr/bin/env node" },
    logLevel: "silent",
    write: false,
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error("esbuild gave no file for the gitlab plugin");
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, file.contents, { mode: 0o755 });
}
