import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build } from "esbuild";

/** The version that the plugin replaces: that of sdks/gitlab. */
export const GITLAB_PLUGIN_VERSION = "9.8.2";

/**
 * Builds the fake plugin as one executable file that only requires `node` on PATH.
 * @param target path of the file:
 * `$PULUMI_HOME/plugins/resource-gitlab-v9.8.2/pulumi-resource-gitlab`
 */
export async function buildGitlabPlugin(target: string): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, "plugin.ts")],
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    // Only parts of the SDK that a plugin does not use load these packages.
    external: ["typescript", "ts-node"],
    banner: { js: "#!/usr/bin/env node" },
    logLevel: "silent",
    write: false,
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error("esbuild produced no file for the gitlab plugin");
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, file.contents, { mode: 0o755 });
}
