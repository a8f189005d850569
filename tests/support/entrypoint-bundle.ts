import { copyFileSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stop } from "esbuild";
import { bundleEntrypoint } from "../../stack/bundle-entrypoint";

const PROJECT = resolve(__dirname, "../..");
const CONTEXT = join(PROJECT, "runner-image");

export const ENTRYPOINT_SH = join(CONTEXT, "entrypoint.sh");

let bundled: Promise<string> | undefined;

/**
 * Bundles the entrypoint as the program does, once per test process.
 * @returns the folder of main.js
 */
export function entrypointBundle(): Promise<string> {
  bundled ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), "entrypoint-"));
    const source = join(PROJECT, "runner-image/src/main.ts");
    bundleEntrypoint(PROJECT, source, join(folder, "main.js"));
    for (const file of readdirSync(CONTEXT).filter((name) => name.endsWith(".sh"))) {
      copyFileSync(join(CONTEXT, file), join(folder, file));
    }
    // esbuild's service would keep the test process alive.
    await stop();
    return folder;
  })();
  return bundled;
}
