import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stop } from "esbuild";
import { bundleEntrypoint } from "../../components/image/bundle-entrypoint";

const PROJECT = resolve(__dirname, "../..");

export const ENTRYPOINT_SH = join(PROJECT, "runner-image/entrypoint.sh");

let bundled: Promise<string> | undefined;

/** Bundles the entrypoint as the program does, once a test process. @returns the folder of main.js */
export function entrypointBundle(): Promise<string> {
  bundled ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), "entrypoint-"));
    const source = join(PROJECT, "runner-image/src/main.ts");
    bundleEntrypoint(PROJECT, source, join(folder, "main.js"));
    // Its service would keep the test process from ending.
    await stop();
    return folder;
  })();
  return bundled;
}
