/**
 * Records the real engine's preview of every change of a setting, and the comment that `npm run
 * diff` makes from it. Requires a running local platform: `npx tsx
 * tests/support/record-previews.ts`. Read the comments before committing them.
 */
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { renderMarkdown } from "../../tools/diff/markdown";
import { parsePreview } from "../../tools/diff/preview";
import { stackChanges } from "../../tools/diff/stack-changes";
import { previewChanges } from "./preview-changes";
import { normalizePreview, normalizeText } from "./recorded-preview";
import type { Authentication } from "./setting-change";

const FOLDER = resolve(__dirname, "../fixtures/previews");

const AUTHENTICATIONS: readonly Authentication[] = [
  "supplied token",
  "registration token",
  "runnerScope",
];

async function record(authentication: Authentication): Promise<void> {
  for await (const { change, json, names } of previewChanges(authentication)) {
    if (change.batch !== undefined) continue;
    const preview = parsePreview(json);
    const context = { stack: names.stack, diagnostics: preview.diagnostics, succeeded: true };
    const text = normalizeText(renderMarkdown(stackChanges(preview), context), names);
    await writeFile(join(FOLDER, `${change.name}.json`), normalizePreview(json, names));
    await writeFile(join(FOLDER, `${change.name}.md`), text);
    process.stdout.write(`${change.name}\n`);
  }
}

async function recordAll(chosen: readonly string[]): Promise<void> {
  for (const authentication of AUTHENTICATIONS) {
    if (chosen.length === 0 || chosen.includes(authentication)) await record(authentication);
  }
}

void recordAll(process.argv.slice(2));
